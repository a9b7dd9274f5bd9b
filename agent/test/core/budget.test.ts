import { topicOf } from '@uptally/protocol';
import { expect, test } from 'vitest';
import { bench, VirtualPlatform } from '../support/virtual.ts';

/** IPv4 and TCP headers with the timestamp option, bytes a segment. */
const SEGMENT = 52;
/** A TLS 1.3 record around one write: header, type, tag. */
const TLS = 22;

/** Counts what a real connection would carry, both ways, acknowledgements included. */
class MeteredPlatform extends VirtualPlatform {
  wireBytes = 0;

  override open(...args: Parameters<VirtualPlatform['open']>): ReturnType<VirtualPlatform['open']> {
    const link = super.open(...args);
    // TCP and TLS handshakes with one certificate, CONNECT, SUBSCRIBE and their answers.
    this.wireBytes += 4_000;
    return {
      ...link,
      publish: (channel, payload, retain) => {
        const header = 2 + (payload.length > 90 ? 1 : 0) + 2 + topicOf('d-7k2m9x4q', channel).length + 2;
        const pubackBytes = SEGMENT + TLS + 4;
        this.wireBytes += SEGMENT + TLS + header + payload.length + pubackBytes + SEGMENT;
        return link.publish(channel, payload, retain);
      },
      // Leaves in the segment of the batch; the answer comes alone.
      ping: () => {
        this.wireBytes += 2 + SEGMENT + TLS + 2;
        link.ping();
      },
    };
  }
}

test('a month at a beat a minute stays within 12 MB of the SIM card (R-HN-6)', async () => {
  const { clock, hardware, boot } = bench();
  const platform = new MeteredPlatform(clock);
  let bytes = 0;
  let minute = 0;
  hardware.uplink = async () => {
    bytes += 250_000;
    return {
      counters: { src: 'modem', rxBytes: bytes, txBytes: bytes, packets: bytes / 100, packetErrors: 0 },
      radio: {
        signal_dbm: -70 - (minute % 9),
        rsrp_dbm: -95,
        rsrq_db: -11,
        operator: 'CHINA MOBILE',
        rat: '4g',
        cell: '550b-0821c60c',
      },
      sim: { iccid: '89860025128306012474', imsi: '460023210226023', imei: '861536030196001' },
    };
  };
  const well = Object.fromEntries(
    ['cpu', 'memory', 'storage', 'printer', 'modem', 'program'].map((c) => [c, { s: 'ok' as const }]),
  );
  hardware.probe = async () => {
    minute++;
    const m = {
      cpu_pct: 12.3 + (minute % 20),
      mem_used_pct: 41.2,
      disk_used_pct: 30.1,
      temp_c: 45.5,
      load1: 0.31,
      uptime_s: minute * 30,
    };
    return { c: well, m };
  };
  await boot({ ports: { transport: platform } }).start();
  await clock.advance(86_400_000);
  const month = platform.wireBytes * 30;
  expect(platform.batches.length).toBeLessThan(1_460);
  expect(month).toBeLessThan(12_000_000);
});
