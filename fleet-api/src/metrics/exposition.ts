import type { Registry } from 'prom-client';

/** Longest wait for the figures of a program beside us, ms; below a scraper's own time-out. */
const BESIDE_TIMEOUT_MS = 3_000;

/**
 * All metrics of a process as Prometheus reads them: its own and, if it keeps the alerts program, that one's. `alertsUrl` gives the address
 * of the latter's figures, null while it is down.
 */
export async function exposition(own: Registry, alertsUrl: (() => string | null) | undefined): Promise<string> {
  const text = await own.metrics();
  if (alertsUrl === undefined) return text;
  const beside = await figuresAt(alertsUrl());
  const up = `# HELP uptally_alerts_up Whether the alerts program answers
# TYPE uptally_alerts_up gauge
uptally_alerts_up ${beside === null ? 0 : 1}
`;
  return `${text}\n${up}\n${beside ?? ''}`;
}

async function figuresAt(url: string | null): Promise<string | null> {
  if (url === null) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(BESIDE_TIMEOUT_MS) });
    return response.ok ? await response.text() : null;
  } catch {
    return null; // it is about to start, or ends: the gauge says so
  }
}
