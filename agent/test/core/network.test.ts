import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CounterMeter, netRecord, RoundTrips } from '../../src/core/network.ts';

const counters = (rxBytes: number, src: 'modem' | 'iface' = 'iface') => ({ src, rxBytes, txBytes: 2 * rxBytes });

test('whatever resets in between, all that was counted is reported once', () => {
  const step = fc.record({ bytes: fc.nat(10_000), reset: fc.boolean(), restart: fc.boolean(), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let meter = new CounterMeter(null);
      let counter = 500;
      let boot = 1;
      let [expected, reported] = [0, 0];
      meter.observe(counters(counter), boot);
      for (const { bytes, reset, restart, take } of steps) {
        if (reset) {
          counter = 0;
          boot++;
        }
        counter += bytes;
        expected += bytes;
        meter.observe(counters(counter), boot);
        if (restart) meter = new CounterMeter(JSON.parse(JSON.stringify(meter.state)));
        if (take) reported += meter.takeBytes().rx_bytes;
      }
      const rest = meter.takeBytes();
      expect(reported + rest.rx_bytes).toBe(expected);
      expect(meter.takeBytes()).toEqual({ rx_bytes: 0, tx_bytes: 0 });
    }),
  );
});

test('another source of counters is only a new base', () => {
  const meter = new CounterMeter(null);
  meter.observe(counters(1_000), 1);
  meter.observe(counters(900_000, 'modem'), 1);
  meter.observe(counters(900_010, 'modem'), 1);
  expect(meter.takeBytes()).toEqual({ rx_bytes: 10, tx_bytes: 20 });
});

test('what is not a kept state is not believed', () => {
  for (const kept of [null, 7, {}, { boot: 1, src: 'iface', last: [1], open: [] }]) {
    expect(new CounterMeter(kept).state).toBeNull();
  }
});

test('round trips: mean, jitter of successive ones, loss', () => {
  const trips = new RoundTrips();
  for (const rttMs of [40, 60, 50]) trips.answered(rttMs);
  trips.lost();
  trips.answered(9_000);
  expect(trips.take()).toEqual({ rtt_ms: 50, jitter_ms: 15, sent: 5, lost: 2 });
  trips.answered(70);
  expect(trips.take()).toEqual({ rtt_ms: 70, jitter_ms: 20, sent: 1, lost: 0 });
  expect(trips.take()).toEqual({});
});

test('words are told when they change, figures always', () => {
  const radio = { signal_dbm: -70, operator: 'CMCC', rat: '4g' };
  const record = (told: typeof radio | null) => netRecord(new RoundTrips(), new CounterMeter(null), { radio }, told);
  expect(record(null)).toEqual({ k: 'net', ...radio });
  expect(record(radio)).toEqual({ k: 'net', signal_dbm: -70 });
  expect(record({ ...radio, rat: '3g' })).toEqual({ k: 'net', signal_dbm: -70, rat: '4g' });
  expect(netRecord(new RoundTrips(), new CounterMeter(null), {}, null)).toBeNull();
});
