import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PasswordHasher } from '../auth/passwords.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { newOneTimePassword } from '../setup/first-run.ts';
import type { Child } from '../supervisor/child.ts';
import { issueEnrolmentToken, issueKey, issueLoaderKey, putSomebodyOnCall } from './bootstrap.ts';
import { launch } from './children.ts';
import type { Parts } from './parts.ts';

/** The two sides of the demo's contract, and who drives out. Names are invented. */
const SIDES = [
  { login: 'agency', role: 'auditor', org: 'demo-agency', kind: 'agency', orgName: '海南基层信息化管理中心（演示）', name: '甲方审核员（演示）' },
  { login: 'contractor', role: 'manager', org: 'demo-contractor', kind: 'contractor', orgName: '终端运维承包商（演示）', name: '乙方项目经理（演示）' },
  { login: 'engineer', role: 'engineer', org: 'demo-contractor', kind: 'contractor', orgName: '终端运维承包商（演示）', name: '乙方现场工程师（演示）' },
] as const; // biome-ignore format: a table

/** Somebody who was created just now. */
export interface DemoLogin {
  readonly login: string;
  readonly role: string;
  readonly password: string;
}

/** Creates the people of the demo. Their passwords are drawn at the first start and told once. Returns those created now. */
export async function ensureDemoPeople(pool: Pool, passwords: PasswordHasher): Promise<readonly DemoLogin[]> {
  const created: DemoLogin[] = [];
  for (const side of SIDES) {
    const { rowCount } = await pool.query('select 1 from app_user where login = $1', [side.login]);
    if ((rowCount ?? 0) > 0) continue;
    const password = newOneTimePassword();
    const hash = await passwords.hash(password);
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ id: number }>(
        `insert into org (code, name, kind) values ($1, $2, $3) on conflict (code) do update set name = excluded.name returning id`,
        [side.org, side.orgName, side.kind],
      );
      await client.query(
        `insert into app_user (login, name, org_id, role, password_hash, must_change_password)
         values ($1, $2, $3, $4, $5, false)`,
        [side.login, side.name, rows[0]?.id, side.role, hash],
      );
    });
    created.push({ login: side.login, role: side.role, password });
  }
  return created;
}

/** Where the fleet finds the platform. */
export interface DemoAddresses {
  readonly api: string;
  readonly database: string;
  /** Plain MQTT, told at each start as it may have moved; null: what devices learnt when they were enrolled. */
  readonly mqttPort: number | null;
}

/** The simulated fleet of the demo: it loads its registry through the API, has its past replayed, then runs. */
export async function startDemo(parts: Parts, passwords: PasswordHasher, urls: DemoAddresses): Promise<Child | null> {
  const { config, root, pool, clock } = parts;
  if (config.demo === null) return null;
  const { devices, historyDays, seed } = config.demo;
  const dir = join(config.dataDir, 'fleet');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const bootstrap = {
    api_key: await issueLoaderKey(pool, passwords, clock()),
    agency_key: await issueKey(pool, 'agency', clock()),
    contractor_key: await issueKey(pool, 'contractor', clock()),
    engineer_key: await issueKey(pool, 'engineer', clock()),
    enrolment_token: await issueEnrolmentToken(pool, 'demo fleet', devices + 500, clock()),
  };
  await putSomebodyOnCall(pool);
  const file = join(dir, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap), { mode: 0o600 });
  const args = [
    join(root, 'sim/dist/main.js'), 'demo', '--server', urls.api, '--token-file', file, '--data', dir,
    '--devices', String(devices), '--days', String(historyDays), '--seed', String(seed),
    '--replay', join(root, 'fleet-api/dist/main.js'),
  ]; // biome-ignore format: flags beside their values
  const { host } = config.listeners;
  if (urls.mqttPort !== null) args.push('--mqtt', `${host === '0.0.0.0' ? '127.0.0.1' : host}:${urls.mqttPort}`);
  return launch(parts, 'demo fleet', args, { DATABASE_URL: urls.database });
}
