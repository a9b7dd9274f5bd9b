import type { Segment } from '@uptally/sla';
import { apiError } from '../../http/errors.ts';
import { countingOf } from '../contracts/rules.ts';
import { type Asked, contractRef } from '../figures/asked.ts';
import { proofOf } from './proofs.ts';
import type { EvidenceItem, ExplainQuery, Explanation } from './schemas.ts';
import { segmentAt } from './segment.ts';
import { segmentOf } from './service.ts';
import * as sql from './sql.ts';
import { owedStation } from './station.ts';
import { verdictOf } from './verdict.ts';

/**
 * Why a station was in its state at an instant, since when and until when, what the contract makes of it, and the records that
 * prove it. @throws ApiError `not_found`, `unknown_reference`, `invalid_request` for an instant that has not come yet
 */
export async function explain(asked: Asked, stationId: number, query: ExplainQuery): Promise<Explanation> {
  const { db, nowMs } = asked;
  const { dimension } = query;
  const at = Date.parse(query.at);
  const owed = await owedStation(asked, stationId, query.contract);
  if (at >= nowMs) throw apiError('invalid_request', 'at must lie in the past');
  const segment = await segmentAt(db, owed.station, dimension, at, nowMs);
  const installations = await sql.selectInstallations(db, stationId, { from: at, to: at + 1 });
  const device = installations.find(({ device_key }) => device_key === segment.deviceKey);
  const deviceId = device?.device_id ?? null;
  const proof = await proofOf({ db, stationId, dimension, segment, at, nowMs, deviceId });
  const verdict = await verdictOf(db, owed, dimension, segment, at);
  const deviceIds = new Map(device === undefined ? [] : [[device.device_key, device.device_id]]);
  const shown = segmentOf(segment, deviceIds);
  const items = [...proof.items, ...verdict.items, ...(device === undefined ? [] : [installedItem(device)])];
  return {
    contract: contractRef(owed.contract),
    station: owed.ref,
    dimension,
    at: new Date(at),
    segment: { ...shown, counts_as: verdict.countsAs },
    rule: countingOf(owed.contract.rules, dimension),
    sentence: [
      {
        code: codeOf(segment),
        params: {
          from: shown.from,
          to: shown.to,
          ongoing: segment.to >= nowMs,
          component: shown.component,
          device_id: deviceId,
          ...proof.params,
        },
      },
      ...verdict.phrases,
    ],
    evidence: items.sort((a, b) => Number(a.at) - Number(b.at)),
  };
}

function codeOf({ state, cause }: Segment): Explanation['sentence'][number]['code'] {
  switch (cause) {
    case 'beat':
      return 'up_beat';
    case 'silent':
      return state === 'down' ? 'down_silent' : 'unknown_silent';
    case 'ended':
      return 'down_ended';
    case 'fault':
      return 'down_fault';
    case 'off':
      return 'down_off';
    case 'no_device':
      return 'down_no_device';
    case 'platform':
      return 'unknown_platform';
    case 'missing':
      return 'unknown_missing';
  }
}

function installedItem({ device_id, from, to, reason }: sql.InstallationRow): EvidenceItem {
  return {
    kind: 'installation',
    role: 'begins',
    at: from,
    received_at: null,
    seq: null,
    device_id,
    detail: { from, to, reason },
  };
}
