import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { keepDuties } from '../../src/duties/keeper.ts';
import { generate } from '../../src/inspections/generate.ts';
import { handOf, type Parties, type Hand as Person } from '../exclusions/support.ts';
import { Hand as FaultHand } from '../faults/support.ts';
import { Clock, openIngest, Speaker } from '../ingest/support.ts';
import { signedIn, type TestApi } from '../support/api.ts';

/**
 * The quarter that docs/repair-clocks.md works out by hand, lived through: devices report over ingest, telemetry opens and ends faults,
 * people do the rest through the API, all in the order of time.
 */

export const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
const BEGIN = '2025-12-01 00:00';
const HOUR_MS = 3_600_000;
const always = (hours: number) => ({ calendar: 'always', limitMs: hours * HOUR_MS });
const TERMS = {
  targets: {
    calendars: { always: { kind: 'always' } },
    severities: {
      hardware: { respond: always(1), on_site: always(2), temporary_restoration: always(4), repair: always(2) },
      system_wide: { respond: always(1), on_site: always(2), repair: always(24) },
    },
  },
  timeliness: { hardware: { stages: ['repair', 'temporary_restoration'], need: 'any' } },
};
const FORM = { 'content-type': 'multipart/form-data; boundary=xx' };
const pdf = (name: string) =>
  Buffer.from(
    `--xx\r\nContent-Disposition: form-data; name="file"; filename="${name}.pdf"\r\n\r\n%PDF-1.7\n${name}\r\n--xx--\r\n`,
  );

/** The quarter as a story: acts by instant. */
export class Quarter {
  readonly #api: TestApi;
  readonly #parties: Parties;
  readonly #clock = new Clock(shanghai(BEGIN));
  readonly #faults: FaultHand;
  #story: { readonly at: number; readonly act: () => Promise<unknown> }[] = [];
  #seq = 1;
  #people: { readonly agency: Person; readonly manager: Person; readonly engineer: Person } | undefined;
  #ingest: Awaited<ReturnType<typeof openIngest>> | undefined;

  constructor(api: TestApi, parties: Parties) {
    this.#api = api;
    this.#parties = parties;
    this.#faults = new FaultHand(api.ctx.pool, this.#clock.ms);
  }

  get people() {
    if (this.#people === undefined) throw new Error('begin first');
    return this.#people;
  }

  /** The contract from autumn on, three stations with a device each, terms, plan and duties. */
  async begin(): Promise<void> {
    const { pool } = this.#api.ctx;
    const { contractId, agency, contractor } = this.#parties;
    const since = new Date(shanghai(BEGIN));
    await pool.query(
      `insert into station (site_id, code, name) select id, 'S-AA-3', 'S-AA-3' from site where code = 'S-AA'`,
    );
    await pool.query('update station set commissioned_at = $1', [since]);
    await pool.query('update installation set from_at = $1', [since]);
    await pool.query(`update contract set term_from = '2025-10-01' where id = $1`, [contractId]);
    this.#ingest = await openIngest(pool, this.#clock);
    this.#api.clock.now = this.#clock.ms;
    this.#people = {
      agency: await handOf(this.#api, agency, 'auditor'),
      manager: await handOf(this.#api, contractor, 'manager'),
      engineer: await handOf(this.#api, contractor, 'engineer'),
    };
    const admin = await signedIn(this.#api, { orgId: agency });
    // The story spans months; sessions don't.
    await pool.query(`update user_session set last_seen_at = '2027-01-01', expires_at = '2027-01-01'`);
    const put = await this.#api.app.inject({
      method: 'PUT',
      url: `/api/v1/contracts/${contractId}/repair-terms`,
      headers: { cookie: admin.cookie },
      payload: TERMS,
    });
    expect(put.statusCode, put.body).toBe(200);
  }

  async close(): Promise<void> {
    await this.#ingest?.stop();
  }

  /** Something happens at a local time. */
  at(text: string, act: () => Promise<unknown>): this {
    this.#story.push({ at: shanghai(text), act });
    return this;
  }

  /** A part of a station's device is reported; `saidAt` later than `text`: the report was held back without a network. */
  reports(station: 1 | 2, part: string, s: 'fault' | 'ok', text: string, saidAt = text): this {
    return this.at(saidAt, async () => {
      const { rows } = await this.#api.ctx.pool.query<{ device_key: number }>(
        'select device_key from device where device_id = $1',
        [this.#parties.ours.devices[station - 1]],
      );
      const monoMs = this.#clock.ms - shanghai(BEGIN) + HOUR_MS;
      const recs = [{ k: 'health', d_mono: this.#clock.ms - shanghai(text), c: { [part]: { s } } }] as const;
      if (this.#ingest === undefined) throw new Error('begin first');
      await new Speaker(rows[0]?.device_key ?? 0, this.#clock).rec(this.#ingest, { seq0: this.#seq++, recs, monoMs });
    });
  }

  /** A step on the open order of a station. */
  steps(station: 1 | 2, step: 'restore' | 'repair', text: string): this {
    return this.at(text, async () =>
      this.post(this.people.engineer, `/orders/${await this.orderOf(station)}/steps`, { step }),
    );
  }

  /** Plays the story up to an instant; telemetry is taken in and judged before each act. */
  async until(text: string): Promise<void> {
    const end = shanghai(text);
    const due = this.#story.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    this.#story = this.#story.filter(({ at }) => at > end);
    for (const { at, act } of [...due, { at: end, act: async () => undefined }]) {
      this.#clock.ms = at;
      this.#api.clock.now = at;
      await this.#faults.at(at);
      await act();
    }
  }

  async post(by: Person, path: string, body: object) {
    const answer = await by.post(path, body);
    expect([200, 201], `${path}: ${answer.body}`).toContain(answer.statusCode);
    return answer.json();
  }

  async get(path: string) {
    const answer = await this.people.agency.get(path);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  }

  /** The newest order of a station. */
  async orderOf(station: 1 | 2): Promise<number> {
    return (await this.get(`/orders?station=${this.#parties.ours.stations[station - 1]}`)).items[0].id;
  }

  async faultOf(station: 1 | 2): Promise<number> {
    return (await this.get(`/faults?station=${this.#parties.ours.stations[station - 1]}`)).items[0].id;
  }

  /** F0 to F10. */
  faults(): this {
    const { stations } = this.#parties.ours;
    const phone = (station: 1 | 2, severity: string) =>
      this.post(this.people.manager, '/faults', { station_id: stations[station - 1], cause: 'software', severity });
    let [pause, f8] = ['', 0];
    return this.reports(1, 'printer', 'fault', '2025-12-31 20:00')
      .reports(1, 'printer', 'ok', '2026-01-01 10:00')
      .reports(1, 'printer', 'fault', '2026-01-05 09:00')
      .reports(1, 'printer', 'ok', '2026-01-05 10:30')
      .reports(1, 'printer', 'fault', '2026-01-12 09:00')
      .steps(1, 'restore', '2026-01-12 12:30')
      .reports(1, 'printer', 'ok', '2026-01-15 09:00')
      .reports(2, 'card_reader', 'fault', '2026-01-20 22:00')
      .steps(2, 'restore', '2026-01-21 02:30')
      .reports(2, 'card_reader', 'ok', '2026-01-22 09:00')
      .reports(1, 'screen', 'fault', '2026-02-02 08:00')
      .steps(1, 'repair', '2026-02-02 17:00')
      .reports(1, 'screen', 'ok', '2026-02-02 09:50', '2026-02-02 17:05')
      .reports(2, 'printer', 'fault', '2026-02-16 10:00')
      .at('2026-02-16 11:00', async () => {
        const [from, to] = ['2026-02-16T11:00:00+08:00', '2026-02-24T09:00:00+08:00'];
        const wish = { from, to, reason: '春节闭馆' };
        ({ pause } = (await this.post(this.people.manager, `/orders/${await this.orderOf(2)}/pauses`, wish)).pauses[0]);
      })
      .steps(2, 'restore', '2026-02-24 11:30')
      .at('2026-02-25 10:00', async () =>
        this.post(this.people.agency, `/orders/${await this.orderOf(2)}/pauses/${pause}/approve`, {}),
      )
      .reports(2, 'printer', 'ok', '2026-02-26 10:00')
      .at('2026-03-01 09:00', () => phone(1, 'system_wide'))
      .steps(1, 'repair', '2026-03-02 10:00')
      .reports(2, 'program', 'fault', '2026-03-10 09:00')
      .at('2026-03-10 10:00', async () => {
        const wish = { severity: 'system_wide', reason: '平台故障' };
        const fault = await this.post(this.people.manager, `/faults/${await this.faultOf(2)}/severity`, wish);
        expect(fault).toMatchObject({
          severity: 'hardware',
          severity_proposal: { severity: 'system_wide', actions: ['withdraw'] },
        });
      })
      .at('2026-03-10 12:00', async () => {
        const path = `/faults/${await this.faultOf(2)}/severity/approve`;
        expect((await this.people.manager.post(path, {})).json().code).toBe('severity_own_side');
        expect(await this.post(this.people.agency, path, {})).toMatchObject({ severity: 'system_wide' });
        expect((await this.people.agency.post(path, {})).json().code).toBe('severity_decided');
      })
      .reports(2, 'program', 'ok', '2026-03-11 08:00')
      .at('2026-03-15 09:00', async () => {
        f8 = (await phone(1, 'hardware')).fault.id;
      })
      .at('2026-03-20 09:00', async () => {
        const path = `/faults/${f8}/cancel`;
        expect((await this.people.manager.post(path, { reason: '误报' })).json().code).toBe('order_by_agency');
        await this.post(this.people.agency, path, { reason: '误报' });
      })
      .reports(1, 'printer', 'fault', '2026-03-31 18:00')
      .reports(2, 'card_reader', 'fault', '2026-03-31 23:00')
      .steps(2, 'restore', '2026-04-01 01:30')
      .reports(1, 'printer', 'ok', '2026-04-01 08:00');
  }

  /** Three stations and a visit each month; one made up for in March, one in April, one never. */
  visits(): this {
    const months = {
      '2026-01': ['01-08', '01-09', '01-30'],
      '2026-02': ['02-05', '02-06', '03-03'],
      '2026-03': ['03-20', '04-02'],
    };
    this.at('2026-01-01 00:05', () =>
      this.post(this.people.manager, '/inspection-plans', {
        contract_id: this.#parties.contractId,
        name: '月度巡检',
        cycle: 'month',
        target: 'station',
        checklist: [{ id: 'functions', zh: '功能', en: 'Functions', kind: 'ok_fault', required: true }],
        first_day: '2026-01-01',
        lead_days: 0,
      }),
    );
    for (const [month, days] of Object.entries(months)) {
      days.forEach((day) => {
        this.at(`2026-${day} 10:00`, async () => {
          await generate(this.#api.ctx.pool, this.#api.clock.now);
          const { items } = await this.get('/inspections?limit=100');
          const isOwed = (task: { status: string; period: { key: string } }) =>
            task.period.key === month && task.status !== 'done' && task.status !== 'done_late';
          await this.post(this.people.engineer, `/inspections/${items.find(isOwed).id}/finish`, {
            client_key: randomUUID(),
            done_at: new Date(this.#api.clock.now).toISOString(),
            answers: { functions: { result: 'ok' } },
          });
        });
      });
    }
    return this;
  }

  /** By their day, and when each came. */
  documents(): this {
    const due = {
      '2026-01-15': '2026-01-16 09:00',
      '2026-02-05': '2026-02-04 15:00',
      '2026-03-05': '2026-03-05 17:00',
      '2026-03-20': '2026-03-20 23:59',
      '2026-03-31': null,
      '2026-04-05': '2026-04-03 10:00',
    };
    for (const [day, came] of Object.entries(due)) {
      const until_day = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      this.at('2026-01-02 09:00', async () => {
        const contract_id = this.#parties.contractId;
        const rule = { cycle: 'once', due_rule: 'in_period', due_days: 1, from_day: day, until_day };
        const duty = { contract_id, duty_id: 'documents', name: '巡检报告', kind: 'inspection_report', ...rule };
        const { id, version } = await this.post(this.people.agency, '/document-duties', duty);
        await this.post(this.people.manager, `/document-duties/${id}/agree`, { version });
      });
      if (came === null) continue;
      this.at(came, async () => {
        await keepDuties(this.#api.ctx.pool, this.#api.clock.now);
        const { id } = (await this.get(`/documents-due?from=${day}&to=${until_day}`)).items[0];
        const added = await this.people.manager.post(`/documents-due/${id}/files`, pdf(day), FORM);
        const { files, version } = added.json();
        await this.post(this.people.manager, `/documents-due/${id}/submit`, { file_ids: [files[0].id], version });
      });
    }
    return this;
  }
}
