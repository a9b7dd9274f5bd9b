import {
  COMMAND_OPS,
  type CommandMessage,
  type CommandOp,
  type CommandProgress,
  decodePayload,
} from '@uptally/protocol';
import type { Clock, CommandExecutor, CommandOutcomeReport, Observer, RecordBody, Store } from './ports.ts';

type Result = Extract<RecordBody, { k: 'result' }>;

/** A command as the journal on disk keeps it. */
interface Entry {
  readonly id: string;
  readonly op: CommandOp;
  readonly args: Readonly<Record<string, unknown>>;
  readonly boot: number;
  /** Received, monotonic clock of `boot`. */
  readonly atMs: number;
  readonly ttlMs: number;
  state: 'accepted' | 'running' | 'done';
  result?: Result;
  /** The result is in the spool. */
  reported?: boolean;
}

/** Finished commands remembered against late redeliveries. */
const REMEMBERED = 200;
/** How long a terminal may take to go down for a restart, ms. */
const REBOOT_WAIT_MS = 300_000;

export interface CommandPorts {
  readonly clock: Clock;
  readonly store: Store;
  readonly executor: CommandExecutor;
  /** Keeps the result in the spool. */
  readonly report: (result: Result) => Promise<void>;
  readonly ack: (id: string, state: CommandProgress) => void;
  readonly observer?: Observer | undefined;
}

/**
 * Executes each command once whatever is delivered again and whenever the power fails: the journal is on disk before a command
 * is accepted, before it begins and before its result is reported. A command that was interrupted is not tried again.
 */
export class Commands {
  readonly #ports: CommandPorts;
  readonly #entries: Map<string, Entry> = new Map();
  #boot = 0;
  #busy = false;
  #stopped = false;

  constructor(ports: CommandPorts) {
    this.#ports = ports;
  }

  /** Takes up what an earlier run left behind. */
  async start(boot: number): Promise<void> {
    this.#boot = boot;
    const kept = await this.#ports.store.load('commands');
    for (const entry of Array.isArray(kept) ? (kept as Entry[]) : []) {
      if (typeof entry?.id === 'string') this.#entries.set(entry.id, entry);
    }
    for (const entry of this.#entries.values()) await this.#recover(entry);
    this.#next();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Takes a `cmd` payload; resolved once it is journalled, so that the broker may forget it. Unusable payloads are ignored. */
  async receive(payload: Uint8Array): Promise<void> {
    const message = readCommand(payload);
    if (!message) return;
    const known = this.#entries.get(message.id);
    if (known) {
      if (known.state !== 'done') this.#ports.ack(known.id, known.state);
      return;
    }
    const atMs = Math.floor(this.#ports.clock.monoMs());
    const entry: Entry = {
      id: message.id,
      op: message.op,
      args: message.args ?? {},
      boot: this.#boot,
      atMs,
      ttlMs: message.ttl_ms,
      state: 'accepted',
    };
    this.#entries.set(entry.id, entry);
    await this.#save();
    this.#ports.ack(entry.id, 'accepted');
    this.#next();
  }

  async #recover(entry: Entry): Promise<void> {
    if (entry.state === 'done') {
      if (!entry.reported && entry.result) await this.#finish(entry, entry.result);
      return;
    }
    const rebooted = entry.boot !== this.#boot;
    if (entry.state === 'accepted') {
      if (rebooted) await this.#finish(entry, resultOf(entry, 'expired', 'rebooted_before_start'));
      return;
    }
    if (entry.op !== 'restart_terminal') await this.#finish(entry, resultOf(entry, 'failed', 'interrupted'));
    else if (rebooted) await this.#finish(entry, resultOf(entry, 'succeeded'));
    else this.#awaitReboot(entry);
  }

  #next(): void {
    if (this.#busy || this.#stopped) return;
    const entry = [...this.#entries.values()].find((e) => e.state === 'accepted');
    if (!entry) return;
    this.#busy = true;
    this.#run(entry)
      .catch((error: unknown) => this.#ports.observer?.fault?.('command', error))
      .finally(() => {
        this.#busy = false;
        this.#next();
      });
  }

  async #run(entry: Entry): Promise<void> {
    if (this.#ports.clock.monoMs() - entry.atMs > entry.ttlMs) {
      await this.#finish(entry, resultOf(entry, 'expired'));
      return;
    }
    entry.state = 'running';
    await this.#save();
    this.#ports.observer?.command?.(entry.id, 'running');
    this.#ports.ack(entry.id, 'running');
    const outcome = await this.#execute(entry);
    if (outcome === 'rebooting') this.#awaitReboot(entry);
    else
      await this.#finish(entry, {
        ...resultOf(entry, outcome.state, outcome.code),
        ...(outcome.d && { d: outcome.d }),
      });
  }

  async #execute(entry: Entry): Promise<CommandOutcomeReport | 'rebooting'> {
    try {
      return await this.#ports.executor.execute(entry.op, entry.args);
    } catch (error) {
      this.#ports.observer?.fault?.('command', error);
      const message = error instanceof Error ? error.message : String(error);
      return { state: 'failed', code: 'error', d: { message: message.slice(0, 1000) } };
    }
  }

  #awaitReboot(entry: Entry): void {
    this.#ports.clock.setTimer(REBOOT_WAIT_MS, () => {
      if (this.#stopped || entry.state !== 'running') return;
      this.#finish(entry, resultOf(entry, 'failed', 'not_restarted')).catch((error: unknown) =>
        this.#ports.observer?.fault?.('command', error),
      );
    });
  }

  /** Journal the result, spool it, remember that it is spooled: a crash in between reports the same result twice at worst. */
  async #finish(entry: Entry, result: Result): Promise<void> {
    entry.state = 'done';
    entry.result = result;
    await this.#save();
    await this.#ports.report(result);
    entry.reported = true;
    this.#forgetOldest();
    await this.#save();
    this.#ports.observer?.command?.(entry.id, result.state);
  }

  #forgetOldest(): void {
    let done = 0;
    for (const entry of this.#entries.values()) if (entry.reported) done++;
    for (const entry of this.#entries.values()) {
      if (done <= REMEMBERED) return;
      if (entry.reported) {
        this.#entries.delete(entry.id);
        done--;
      }
    }
  }

  async #save(): Promise<void> {
    await this.#ports.store.save('commands', [...this.#entries.values()]);
  }
}

function resultOf(entry: Entry, state: Result['state'], code?: string): Result {
  return { k: 'result', cmd: entry.id, state, ...(code && { code }) };
}

/** A usable command, else `null`. */
export function readCommand(payload: Uint8Array): CommandMessage | null {
  let value: unknown;
  try {
    value = decodePayload(payload);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { v, id, op, ttl_ms, args } = value as Record<string, unknown>;
  if (v !== 1 || typeof id !== 'string' || id.length < 1 || id.length > 64) return null;
  if (!(COMMAND_OPS as readonly unknown[]).includes(op)) return null;
  if (!Number.isInteger(ttl_ms) || (ttl_ms as number) < 1) return null;
  const named = typeof args === 'object' && args !== null && !Array.isArray(args);
  return {
    v,
    id,
    op: op as CommandOp,
    ttl_ms: ttl_ms as number,
    ...(named && { args: args as Record<string, unknown> }),
  };
}
