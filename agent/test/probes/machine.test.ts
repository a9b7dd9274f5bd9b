import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { parseStat } from '../../src/probes/cpu.ts';
import { createHardware } from '../../src/probes/hardware.ts';
import { parseDefaultRoute } from '../../src/probes/interfaces.ts';
import { parseMeminfo } from '../../src/probes/memory.ts';
import { machineRoot, temporaryDirectory } from '../support/temporary.ts';

async function machine(files: Record<string, string>, probes: unknown = {}, commands: unknown = {}) {
  const root = await machineRoot(files);
  const data = await temporaryDirectory();
  const config = parseConfig(JSON.stringify({ data, probes, commands }), 'test');
  const hardware = createHardware({ config, serial: 'S1', agentVersion: '0', monoMs: () => 0, root });
  return { root, hardware, component: async (name: string) => (await hardware.probe()).c[name] };
}

test('a device without any part: all absent, nothing is a fault', async () => {
  const { hardware } = await machine({});
  const { c } = await hardware.probe();
  const { storage, ...rest } = c;
  expect(storage).toEqual({ s: 'ok' });
  expect(Object.values(rest).every(({ s }) => s === 'absent')).toBe(true);
});

test('what is configured and not there is disconnected', async () => {
  const usb = { usb: ['072f:2200'] };
  const { hardware } = await machine(
    {},
    {
      printer: { path: '/dev/ttyS9', baud: 19200 },
      card_reader: usb,
      id_reader: usb,
      scanner: usb,
      screen: { connector: 'HDMI-A-1' },
      door: { path: '/sys/class/gpio/gpio17/value', ok: '0' },
      power: { path: '/sys/class/power_supply/ac/online', ok: '1' },
      modem: { path: '/dev/ttyUSB2' },
      ports: { interfaces: ['eth7'] },
    },
  );
  const { c } = await hardware.probe();
  const parts = ['printer', 'card_reader', 'id_reader', 'scanner', 'screen', 'door', 'power', 'modem', 'ports'];
  expect(parts.map((part) => `${part} ${c[part]?.s} ${c[part]?.r}`)).toEqual(
    parts.map((part) => `${part} fault disconnected`),
  );
});

test('a well equipped machine', async () => {
  const { root, hardware } = await machine(
    {
      '/proc/stat': 'cpu  100 0 100 800 0 0 0 0 0 0\n',
      '/proc/loadavg': '0.42 0.30 0.20 1/100 4242\n',
      '/proc/uptime': '12345.67 1.0\n',
      '/proc/meminfo': 'MemTotal: 2048000 kB\nMemFree: 1 kB\nMemAvailable: 1024000 kB\n',
      '/sys/class/thermal/thermal_zone0/temp': '51500\n',
      '/sys/class/hwmon/hwmon0/temp1_input': '48000\n',
      '/sys/class/net/eth0/carrier': '1\n',
      '/sys/bus/usb/devices/1-1/idVendor': '072f\n',
      '/sys/bus/usb/devices/1-1/idProduct': '2200\n',
      '/sys/class/drm/card0-HDMI-A-1/status': 'connected\n',
      '/gpio/door': '0\n',
      '/proc/77/stat': '77 (pos) S 1 1\n',
      '/run/pos.pid': '77\n',
    },
    {
      ports: { interfaces: ['eth0'] },
      card_reader: { usb: ['072F:2200', '072f:90cc'] },
      screen: { connector: 'HDMI-A-1' },
      door: { path: '/gpio/door', ok: '0' },
      program: { pid_file: '/run/pos.pid' },
      temperature: { max_c: 60 },
    },
    { pause_file: '/run/pos.paused' },
  );
  const first = await hardware.probe();
  expect(Object.entries(first.c).filter(([, { s }]) => s !== 'absent')).toHaveLength(9);
  expect(Object.values(first.c).some(({ s }) => s === 'fault' || s === 'warn')).toBe(false);
  expect(first.m).toMatchObject({
    cpu_pct: 20,
    load1: 0.42,
    uptime_s: 12345,
    mem_used_pct: 50,
    mem_total_mb: 2000,
    temp_c: 51.5,
  });
  await writeFile(join(root, '/proc/stat'), 'cpu  190 0 100 810 0 0 0 0 0 0\n');
  await writeFile(join(root, '/sys/class/thermal/thermal_zone0/temp'), '71000\n');
  await writeFile(join(root, '/sys/class/net/eth0/carrier'), '0\n');
  await writeFile(join(root, '/gpio/door'), '1\n');
  await writeFile(join(root, '/proc/77/stat'), '77 (pos) Z 1 1\n');
  await rm(join(root, '/sys/bus/usb/devices/1-1'), { recursive: true });
  const { c, m } = await hardware.probe();
  expect(m.cpu_pct).toBe(90);
  expect(c).toMatchObject({
    temperature: { s: 'fault', r: 'too_hot' },
    ports: { s: 'fault', r: 'link_down' },
    door: { s: 'warn', r: 'open' },
    program: { s: 'fault', r: 'not_running' },
    card_reader: { s: 'fault', r: 'disconnected' },
  });
  await writeFile(join(root, '/run/pos.paused'), '');
  expect((await hardware.probe()).c.program).toEqual({ s: 'warn', r: 'paused' });
});

test('the program is found by its command line', async () => {
  const files = { '/proc/1/cmdline': 'init\0', '/proc/88/cmdline': '/usr/bin/java\0-jar\0/opt/pos/pos.jar\0' };
  const running = await machine(files, { program: { cmdline: 'pos.jar' } });
  expect(await running.component('program')).toEqual({ s: 'ok' });
  const other = await machine(files, { program: { cmdline: 'till.jar' } });
  expect(await other.component('program')).toMatchObject({ s: 'fault', r: 'not_running' });
});

test('storage: a medium that does not take data is a fault, a full one as well', async () => {
  const missing = await machine({}, { storage: { path: '/nowhere/at/all' } });
  expect(await missing.component('storage')).toMatchObject({ s: 'fault', r: 'write_failed' });
  const full = await machine({}, { storage: { min_free_pct: 100 } });
  expect(await full.component('storage')).toMatchObject({ s: 'fault', r: 'space_low' });
});

test('a storage probe on a read-only name fails as read-only media do', async () => {
  const directory = await temporaryDirectory();
  await symlink('/proc/version', join(directory, '.probe'));
  const { component } = await machine({}, { storage: { path: directory } });
  expect(await component('storage')).toMatchObject({ s: 'fault', r: 'write_failed' });
});

test('traffic is counted on the interface of the default route', async () => {
  const statistics = (name: string, base: number) => ({
    [`/sys/class/net/${name}/statistics/rx_bytes`]: `${base}\n`,
    [`/sys/class/net/${name}/statistics/tx_bytes`]: `${base + 1}\n`,
    [`/sys/class/net/${name}/statistics/rx_packets`]: '10\n',
    [`/sys/class/net/${name}/statistics/tx_packets`]: '20\n',
    [`/sys/class/net/${name}/statistics/rx_errors`]: '1\n',
    [`/sys/class/net/${name}/statistics/tx_errors`]: '2\n',
  });
  const route = [
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask',
    'eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000',
    'wwan0\t00000000\t0100A8C0\t0003\t0\t0\t50\t00000000',
    'wwan0\t0000A8C0\t00000000\t0001\t0\t0\t50\t00FFFFFF',
  ].join('\n');
  const { hardware } = await machine({
    '/proc/net/route': route,
    ...statistics('eth0', 5),
    ...statistics('wwan0', 7000),
  });
  expect(await hardware.uplink()).toEqual({
    counters: { src: 'iface', rxBytes: 7000, txBytes: 7001, packets: 30, packetErrors: 3 },
    radio: { rat: '4g' },
  });
});

test('parsers take what other kernels write', () => {
  expect(parseStat('intr 1\n')).toBeNull();
  expect(parseStat('cpu 1 2 3 4 5 6 7 8 9 10')).toEqual({ busy: 27, total: 36 });
  expect(parseMeminfo('MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 15 kB\n')).toEqual({
    totalKb: 100,
    availableKb: 30,
  });
  expect(parseMeminfo('')).toBeNull();
  expect(parseDefaultRoute('Iface\n')).toBeNull();
});

test('this machine', async () => {
  const data = await temporaryDirectory();
  const config = parseConfig(JSON.stringify({ data }), 'test');
  const hardware = createHardware({ config, serial: 'S1', agentVersion: '0', monoMs: () => 0 });
  const { c, m } = await hardware.probe();
  expect([c.cpu?.s, c.memory?.s, c.storage?.s]).not.toContain('fault');
  expect(m.mem_total_mb).toBeGreaterThan(100);
  expect(m.disk_write_ms).toBeGreaterThanOrEqual(0);
  expect(await hardware.inventory()).toMatchObject({ serial: 'S1', cores: expect.any(Number) });
});
