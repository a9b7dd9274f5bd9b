import { COMPONENTS } from '@uptally/protocol';
import type { AgentConfig } from '../config/config.ts';
import type { Hardware, HealthPicture, UplinkReading } from '../core/ports.ts';
import { cpuProbe } from './cpu.ts';
import { inputProbe } from './inputs.ts';
import { accessOf, interfaceCounters, portsProbe, uplinkInterface } from './interfaces.ts';
import { readInventory } from './inventory.ts';
import { memoryProbe } from './memory.ts';
import { type ModemReading, readModem } from './modem.ts';
import { printerProbe } from './printer.ts';
import { ABSENT, atMostEvery, type Probe, report } from './probe.ts';
import { programProbe } from './program.ts';
import { screenProbe } from './screen.ts';
import { storageProbe } from './storage.ts';
import { temperatureProbe } from './temperature.ts';
import { usbProbe } from './usb.ts';

/** Asking a modem takes a second or two of its command port. */
const MODEM_EVERY_MS = 120_000;
const PROBE_TIMEOUT_MS = 15_000;

export interface HardwareOptions {
  readonly config: AgentConfig;
  readonly serial: string;
  readonly agentVersion: string;
  readonly monoMs: () => number;
  /** Prefix of /proc, /sys and /dev; empty on a real device. */
  readonly root?: string;
}

/** The Linux machine that the agent runs on. */
export function createHardware(options: HardwareOptions): Hardware {
  const { config, monoMs, root = '' } = options;
  const modem = modemReader(options);
  const probes = createProbes(modem);
  return {
    probe: async (fresh = false) =>
      merge(await Promise.all(Object.entries(probes).map(([name, probe]) => settle(name, () => probe(fresh))))),
    uplink: async () => readUplink(root, config, await modem()),
    inventory: () => readInventory(root, { serial: options.serial, model: config.model, agent: options.agentVersion }),
  };

  function createProbes(readModemNow: ReturnType<typeof modemReader>): Record<string, Probe> {
    const { probes: p } = config;
    return {
      cpu: cpuProbe(root),
      memory: memoryProbe(root),
      storage: storageProbe({ directory: p.storage.path ?? config.data, minFreePct: p.storage.min_free_pct, monoMs }),
      temperature: temperatureProbe(root, { maxC: p.temperature.max_c, minC: p.temperature.min_c }),
      ports: portsProbe(root, p.ports.interfaces),
      usb: usbProbe(root, { card_reader: p.card_reader.usb, id_reader: p.id_reader.usb, scanner: p.scanner.usb }),
      printer: printerProbe(root, p.printer),
      screen: screenProbe(root, p.screen?.connector),
      door: inputProbe(root, 'door', 'open', p.door),
      power: inputProbe(root, 'power', 'on_battery', p.power),
      program: programProbe(
        root,
        p.program && { pidFile: p.program.pid_file, cmdline: p.program.cmdline, pauseFile: config.commands.pause_file },
      ),
      modem: async (fresh) => ({ c: { modem: (await readModemNow(fresh))?.report ?? ABSENT } }),
    };
  }
}

function modemReader({
  config,
  monoMs,
  root = '',
}: HardwareOptions): (fresh?: boolean) => Promise<ModemReading | null> {
  const options = config.probes.modem;
  if (!options) return async () => null;
  let running: Promise<ModemReading> | null = null;
  const read = atMostEvery(MODEM_EVERY_MS, monoMs, () => readModem(root, options));
  // Health and uplink may ask at the same moment; the port takes one conversation.
  return (fresh) => {
    running ??= read(fresh).finally(() => {
      running = null;
    });
    return running;
  };
}

async function readUplink(root: string, config: AgentConfig, modem: ModemReading | null): Promise<UplinkReading> {
  const name = await uplinkInterface(root, config.probes.uplink?.interface);
  const iface = name ? await interfaceCounters(root, name) : null;
  const reading = modem?.uplink ?? {};
  const packets = iface ? { packets: iface.packets ?? 0, packetErrors: iface.packetErrors ?? 0 } : {};
  const counters = reading.counters ? { ...reading.counters, ...packets } : iface;
  const radio = { ...(name && { rat: accessOf(name) }), ...reading.radio };
  return { ...reading, ...(counters && { counters }), radio };
}

/** A probe that throws or hangs is `unknown`: the device should have an answer and can't give it. */
async function settle(name: string, probe: Probe): Promise<Partial<HealthPicture>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('probe timed out')), PROBE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([probe(), timeout]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { c: { [name]: report('unknown', undefined, detail) } };
  } finally {
    clearTimeout(timer);
  }
}

function merge(readings: readonly Partial<HealthPicture>[]): HealthPicture {
  const c = Object.fromEntries(COMPONENTS.map((name) => [name, ABSENT]));
  const m = {};
  for (const reading of readings) {
    Object.assign(c, reading.c);
    Object.assign(m, reading.m);
  }
  return { c, m };
}
