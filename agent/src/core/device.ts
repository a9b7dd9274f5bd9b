import type { ConfigMessage, StatusMessage } from '@uptally/protocol';
import { Commands } from './commands.ts';
import {
  DEFAULT_INTERVALS,
  DEFAULT_TUNING,
  type DeviceConfig,
  type Intervals,
  intervalsWith,
  judgeCfg,
  readCfg,
} from './config.ts';
import type { Device, DeviceStats } from './device-api.ts';
import { contactNews, HealthTracker } from './health.ts';
import { type Identity, nextIdentity } from './identity.ts';
import { dropNews, startNews } from './news.ts';
import { firstSchedule, plan, reschedule, type Schedule, type Step } from './planner.ts';
import type { DevicePorts, HealthPicture, RecordBody, Timer } from './ports.ts';
import { Traffic } from './traffic.ts';
import { Uplink } from './uplink.ts';
import { WallClock } from './wall-clock.ts';

const GOODBYE_MS = 2_000;

/** Builds a device over its ports. Nothing happens before `start`. */
export function createDevice(ports: DevicePorts, config: DeviceConfig): Device {
  return new CoreDevice(ports, config);
}

class CoreDevice implements Device {
  readonly #ports: DevicePorts;
  readonly #config: DeviceConfig;
  readonly #own: Intervals;
  readonly #pings: number;
  readonly #health = new HealthTracker();
  readonly #traffic: Traffic;
  readonly #wallClock: WallClock;
  readonly #commands: Commands;
  #intervals: Intervals;
  #cfg: ConfigMessage | null = null;
  #identity: Identity = { boot: 0, bootId: '', session: 0 };
  #schedule: Schedule;
  #uplink: Uplink | null = null;
  #timer: Timer | null = null;
  #picture: HealthPicture | null = null;
  #probing: Promise<HealthPicture> | null = null;
  #readingsAtMs = 0;
  #running = false;

  constructor(ports: DevicePorts, config: DeviceConfig) {
    this.#ports = ports;
    this.#config = config;
    this.#own = { ...DEFAULT_INTERVALS, ...config.intervals };
    this.#intervals = this.#own;
    this.#pings = config.pingsPerNet ?? 1;
    this.#schedule = firstSchedule(0, this.#own, this.#pings);
    this.#wallClock = new WallClock(ports.clock);
    this.#traffic = new Traffic(ports.hardware, ports.store);
    this.#commands = new Commands({
      clock: ports.clock,
      store: ports.store,
      executor: ports.executor,
      report: (result) => this.record(result),
      ack: (cmd, state) => this.#uplink?.say('ack', { v: 1, cmd, state }),
      observer: ports.observer,
    });
  }

  async start(): Promise<void> {
    const { store, spool, clock } = this.#ports;
    const opening = await spool.open();
    const kept = await store.load('identity');
    this.#identity = nextIdentity(kept, this.#config.bootId, this.#config.enrolledMs);
    const newBoot = (kept as Identity | null)?.bootId !== this.#config.bootId;
    await store.save('identity', this.#identity);
    await this.#traffic.start();
    const verdict = judgeCfg(await store.load('config'));
    if (verdict.ok) this.#applyCfg(verdict.message);
    this.#running = true;
    this.#uplink = this.#createUplink();
    await this.#keep(startNews(newBoot, this.#config.agentVersion, opening.damagedBytes));
    await this.#commands.start(this.#identity.boot);
    this.#schedule = firstSchedule(clock.monoMs(), this.#intervals, this.#pings);
    this.#uplink.start();
    this.#tick();
    this.#background('inventory', this.#sayInventory());
    // The base of all deltas: traffic counts from the start, not from the first report.
    this.#background('uplink', this.#traffic.read(this.#identity.boot));
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    await this.#quietly('counters', this.#traffic.read(this.#identity.boot));
    await this.#quietly('spool', this.record({ k: 'event', code: 'agent_stop' }));
    this.#running = false;
    this.#timer?.cancel();
    this.#commands.stop();
    await this.#uplink?.stop(GOODBYE_MS);
    await this.#ports.spool.close();
  }

  kill(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#commands.stop();
    this.#uplink?.kill();
  }

  stats(): DeviceStats {
    const { waiting, bytes } = this.#ports.spool.stats();
    return {
      up: this.#uplink?.up ?? false,
      session: this.#identity.session,
      boot: this.#identity.boot,
      intervals: this.#intervals,
      cfgRev: this.#cfg?.rev ?? 0,
      waiting,
      spoolBytes: bytes,
    };
  }

  picture(): HealthPicture | null {
    return this.#picture;
  }

  async selfcheck(): Promise<HealthPicture> {
    await this.#probing;
    return this.#probe(true);
  }

  async record(body: RecordBody): Promise<void> {
    await this.#keep([body]);
  }

  #createUplink(): Uplink {
    return new Uplink(this.#ports, {
      deviceId: this.#config.deviceId,
      boot: this.#identity.boot,
      tuning: { ...DEFAULT_TUNING, ...this.#config.uplink },
      // Beats keep the connection alive; three may be missed before the broker gives up.
      keepaliveS: () => Math.min(65_535, Math.ceil((this.#intervals.beatMs * 2) / 1000) + 30),
      nextSession: async () => {
        this.#identity = { ...this.#identity, session: this.#identity.session + 1 };
        // A disk that died under way must not keep the device from telling so.
        await this.#quietly('identity', this.#ports.store.save('identity', this.#identity));
        return this.#identity.session;
      },
      birth: (session) => this.#birth(session),
      handlers: {
        onMessage: (channel, payload) =>
          channel === 'cmd' ? this.#commands.receive(payload) : this.#receiveCfg(payload),
      },
      onRoundTrip: (rttMs) => this.#traffic.roundTrip(rttMs),
    });
  }

  #birth(session: number): StatusMessage {
    const { agentVersion: agent, firmware: fw } = this.#config;
    return {
      v: 1,
      s: 'on',
      session,
      boot: this.#identity.boot,
      agent,
      ...(fw && { fw }),
      beat_ms: this.#intervals.beatMs,
      cfg_rev: this.#cfg?.rev ?? 0,
      mono_ms: Math.floor(this.#ports.clock.monoMs()),
    };
  }

  #tick(): void {
    if (!this.#running) return;
    const { clock } = this.#ports;
    const { steps, schedule, wakeAt } = plan(this.#schedule, this.#intervals, this.#pings, clock.monoMs());
    this.#schedule = schedule;
    for (const step of steps) this.#background(step.do, this.#do(step));
    this.#timer?.cancel();
    this.#timer = clock.setTimer(Math.max(1, wakeAt - clock.monoMs()), () => this.#tick());
  }

  async #do(step: Step): Promise<void> {
    switch (step.do) {
      case 'probe':
        await this.#probe();
        return;
      case 'report':
        await this.#report(step);
        return;
    }
  }

  /** One probing at a time; whoever asks meanwhile gets the running one. */
  #probe(fresh = false): Promise<HealthPicture> {
    this.#probing ??= this.#readPicture(fresh).finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  async #readPicture(fresh: boolean): Promise<HealthPicture> {
    const picture = await this.#ports.hardware.probe(fresh);
    const before = this.#picture;
    this.#picture = picture;
    this.#ports.observer?.picture?.(picture);
    const changes = before ? this.#health.changes(picture) : this.#health.full(picture);
    const contacts = before ? contactNews(before, picture) : [];
    await this.#keep([...(changes ? [changes] : []), ...contacts]);
    return picture;
  }

  async #report(step: Extract<Step, { do: 'report' }>): Promise<void> {
    const bodies: RecordBody[] = [{ k: 'beat' }, ...this.#wallClock.news(), ...dropNews(this.#ports.spool.takeDrops())];
    const picture = this.#picture;
    if (picture && step.full) bodies.push(this.#health.full(picture));
    else if (picture && (step.metrics || this.#hasMoved(picture))) {
      const readings = this.#health.readings(picture);
      if (readings) bodies.push(readings);
      this.#readingsAtMs = this.#ports.clock.monoMs();
    }
    if (!step.net && !step.sim) {
      await this.#keep(bodies, step.ping);
      return;
    }
    // Reading the modem takes seconds; the beat does not wait unless it is quick.
    const reading = this.#traffic.read(this.#identity.boot);
    const quick = await Promise.race([reading, this.#pause(250)]);
    if (quick) {
      await this.#keep([...bodies, ...this.#traffic.records(step, quick)], step.ping);
      return;
    }
    await this.#keep(bodies, step.ping);
    await this.#keep(this.#traffic.records(step, await reading));
  }

  /** A restless reading may not cost more than a few records an hour beyond the regular ones. */
  #hasMoved(picture: HealthPicture): boolean {
    const sinceMs = this.#ports.clock.monoMs() - this.#readingsAtMs;
    return sinceMs >= this.#intervals.metricsMs / 3 && this.#health.moved(picture);
  }

  #pause(delayMs: number): Promise<null> {
    return new Promise((resolve) => {
      this.#ports.clock.setTimer(delayMs, () => resolve(null));
    });
  }

  async #sayInventory(): Promise<void> {
    const inventory = await this.#ports.hardware.inventory();
    await this.record({ k: 'event', code: 'inventory', d: { ...inventory } });
  }

  async #receiveCfg(payload: Uint8Array): Promise<void> {
    const verdict = readCfg(payload);
    const known = this.#cfg?.rev ?? -1;
    if (!verdict.ok) {
      const d = { rev: verdict.rev, reason: verdict.reason.slice(0, 200) };
      await this.record({ k: 'event', code: 'config_rejected', sev: 'warn', d });
      return;
    }
    if (verdict.message.rev <= known) return;
    await this.#ports.store.save('config', verdict.message);
    this.#applyCfg(verdict.message);
    await this.record({ k: 'event', code: 'config_applied', d: { rev: verdict.message.rev } });
    this.#uplink?.birth();
    this.#tick();
  }

  #applyCfg(cfg: ConfigMessage): void {
    this.#cfg = cfg;
    this.#intervals = intervalsWith(this.#own, cfg);
    this.#schedule = reschedule(this.#schedule, this.#intervals, this.#pings, this.#ports.clock.monoMs());
  }

  /** Gives records their time and keeps them; they leave as soon as they are safe. */
  async #keep(bodies: readonly RecordBody[], ping = false): Promise<void> {
    if (!this.#running || bodies.length === 0) return;
    const { clock, spool } = this.#ports;
    const time = { boot: this.#identity.boot, monoMs: Math.floor(clock.monoMs()), wallMs: Math.floor(clock.wallMs()) };
    await spool.append(bodies.map((rec) => ({ ...time, rec })));
    if (this.#running) this.#uplink?.kick(ping);
  }

  #background(where: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#ports.observer?.fault?.(where, error));
  }

  async #quietly(where: string, work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#ports.observer?.fault?.(where, error);
    }
  }
}
