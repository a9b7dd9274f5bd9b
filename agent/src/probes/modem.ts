import type { ComponentReport } from '@uptally/protocol';
import type { UplinkReading } from '../core/ports.ts';
import { AT_QUERIES, type AtAnswers, judgeModem, parseModem } from './at.ts';
import { type ByteLink, openDevice } from './byte-link.ts';
import { report } from './probe.ts';

export interface ModemOptions {
  readonly path: string;
  readonly baud?: number | undefined;
}

export interface ModemReading {
  readonly report: ComponentReport;
  readonly uplink: UplinkReading;
}

const ANSWER_MS = 1_500;
const DEFAULT_BAUD = 115_200;

/** Asks the modem on its command port. A modem that is missing or silent is a finding, not an error. */
export async function readModem(root: string, { path, baud }: ModemOptions): Promise<ModemReading> {
  let link: ByteLink;
  try {
    link = await openDevice(root + path, baud ?? DEFAULT_BAUD);
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === 'EACCES';
    return { report: report('fault', denied ? 'permission' : 'disconnected', path), uplink: {} };
  }
  try {
    const answers = await converse(link);
    return { report: judgeModem(answers), uplink: parseModem(answers) };
  } catch {
    return { report: report('fault', 'disconnected', path), uplink: {} };
  } finally {
    await link.close();
  }
}

/** Runs all queries. Stops after the first if the modem does not answer at all. */
export async function converse(link: ByteLink): Promise<AtAnswers> {
  const answers: Record<string, string | null> = {};
  const awake = (await command(link, 'ATE0')) ?? (await command(link, 'ATE0'));
  if (awake === null) return { 'AT+CPIN?': null };
  await command(link, 'AT+COPS=3,0');
  await command(link, 'AT+CEREG=2');
  for (const query of AT_QUERIES) answers[query] = await command(link, query);
  return answers;
}

/** The text of an answer up to OK; `null` for ERROR or silence. A `+CME ERROR` is returned, it says why. */
async function command(link: ByteLink, text: string): Promise<string | null> {
  await link.write(Buffer.from(`${text}\r`, 'ascii'));
  let answer = '';
  for (let chunk = await link.read(ANSWER_MS); chunk.length > 0; chunk = await link.read(ANSWER_MS)) {
    answer += chunk.toString('latin1');
    if (/(^|\r\n)OK\r\n/.test(answer)) return answer.trim();
    const failure = /\+CM[ES] ERROR:[^\r\n]*/.exec(answer)?.[0];
    if (failure) return failure;
    if (/(^|\r\n)ERROR\r\n/.test(answer)) return null;
    if (answer.length > 8192) return null;
  }
  return null;
}
