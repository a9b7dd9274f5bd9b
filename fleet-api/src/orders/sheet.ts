import type { Pool } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { readFile } from '../files/index.ts';
import type { PaperBlock, PaperDocument, PaperSection } from '../print/index.ts';
import type { Language } from '../registry/shared/csv.ts';
import { loadSeverityNames, type SeverityNames } from '../repair/severity-names.ts';
import { faultWords, localTime, repairWord } from '../repair/words.ts';
import type { OrderDetail } from './detail-schemas.ts';
import { getOrder } from './service.ts';
import { subjectOf } from './sql.ts';

/** 现场服务单: what was done on site, for the site to keep. */

const ZH = {
  title: '现场服务单', site: '服务机构', station: '点位', device: '设备', org: '服务单位', engineer: '工程师', contract: '合同',
  fault: '故障', state: '状态', severity: '级别', began: '故障开始', recovered: '监测到恢复', ended: '故障结束', times: '服务过程',
  step: '步骤', at: '时间', told: '登记时间', who: '人员', note: '说明', clocks: '时限', stage: '环节', due: '应在此前', done: '完成于',
  result: '结果', parts: '更换部件', name: '名称', qty: '数量', price: '单价（元）', sum: '金额（元）', labour: '人工费（元）',
  logistics: '物流费（元）', warranty: '保修', analysis: '原因与建议', cause: '原因类别', why: '原因分析', advice: '建议', sign: '机构确认',
  signed: '机构签字', phone: '电话', via: { phone: '现场签字', link: '机构自行确认', agency: '采购方代为确认' }, none: '无', faults: '故障明细',
  worker: '服务工程师', place: '地点', address: '地址',
}; // biome-ignore format: vocabulary
const EN: typeof ZH = {
  title: 'Service sheet', site: 'Site', station: 'Station', device: 'Device', org: 'Contractor', engineer: 'Engineer',
  contract: 'Contract', fault: 'Fault', state: 'State', severity: 'Severity', began: 'Fault began', recovered: 'Seen to recover',
  ended: 'Fault ended', times: 'What was done', step: 'Step', at: 'Time', told: 'Recorded', who: 'Who', note: 'Note',
  clocks: 'Limits', stage: 'Stage', due: 'Due', done: 'Done', result: 'Result', parts: 'Parts', name: 'Name', qty: 'Quantity',
  price: 'Price (CNY)', sum: 'Amount (CNY)', labour: 'Labour (CNY)', logistics: 'Logistics (CNY)', warranty: 'Warranty',
  analysis: 'Cause and advice', cause: 'Kind of cause', why: 'Analysis', advice: 'Advice', sign: 'Confirmed by the site',
  signed: 'For the site', phone: 'Phone', via: { phone: 'signed on site', link: 'by the site itself', agency: 'by the agency for the site' },
  none: 'None', faults: 'Faults', worker: 'Engineer', place: 'Place', address: 'Address',
}; // biome-ignore format: vocabulary
const WORDS: Readonly<Record<Language, typeof ZH>> = { zh: ZH, en: EN };

/** Lines of the story that say what was done. */
const SHOWN = new Set([
  'acknowledged',
  'assigned',
  'on_the_way',
  'on_site',
  'restored',
  'repaired',
  'confirmed',
  'closed',
]);

/** Fen as yuan, exact. */
export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** The service sheet of an order as a document. @throws ApiError `not_found` */
export async function sheetOf(pool: Pool, by: Member, id: number, language: Language): Promise<PaperDocument> {
  const order = await getOrder(pool, by, id);
  const signatureId = order.confirmation?.signature_id ?? null;
  const signature = signatureId === null ? null : await readFile(pool, subjectOf(id), signatureId);
  const names = await loadSeverityNames(pool, order.contract.id);
  const style = { language, timeZone: by.timeZone, nowMs: by.nowMs, names };
  return sheetDocument(order, signature?.content ?? null, style);
}

interface Style {
  readonly language: Language;
  readonly timeZone: string;
  readonly nowMs: number;
  readonly names: SeverityNames;
}

/** The same of an order in hand. `signature`: PNG of the site's, if it gave one. */
export function sheetDocument(order: OrderDetail, signature: Buffer | null, style: Style): PaperDocument {
  const { language, timeZone } = style;
  const w = WORDS[language];
  const time = (at: Date | string | null) => localTime(at, timeZone);
  const place = [order.site?.name ?? order.region?.name, order.station?.name].filter(Boolean).join(' · ');
  const meta: [string, string][] = [
    [w.place, place],
    [w.address, order.address ?? ''],
    [w.org, order.org?.name ?? ''],
    [w.engineer, order.assignee?.name ?? ''],
    [w.contract, order.contract.is_baseline ? '' : order.contract.name],
    [w.fault, faultWords(language, order.cause, order.reason)],
    [w.severity, style.names.of(order.contract.id, order.severity, language)],
    [w.state, repairWord(language, 'state', order.state)],
    [w.began, time(order.opened_at)],
    [w.recovered, time(order.recovered_at)],
    [w.ended, time(order.ended_at)],
  ];
  return {
    title: w.title,
    number: order.number,
    language,
    meta: meta.filter(([, value]) => value !== ''),
    sections: [
      timesOf(order, w, style),
      faultsOf(order, w, style),
      ...costOf(order, w, language),
      ...closingOf(order, w, language),
      signOf(order, signature, w, style),
    ],
    madeAt: time(new Date(style.nowMs)),
  };
}

function timesOf(order: OrderDetail, w: typeof ZH, { language, timeZone }: Style): PaperSection {
  const rows = order.story
    .filter(({ kind }) => SHOWN.has(kind))
    .map(({ kind, at, recorded_at, user, note }) => [
      repairWord(language, 'state', kind),
      localTime(at, timeZone),
      localTime(recorded_at, timeZone),
      user?.name ?? '',
      note ?? '',
    ]);
  const columns = [
    { label: w.step },
    { label: w.at },
    { label: w.told },
    { label: w.who },
    { label: w.note, width: 2 },
  ];
  return { heading: w.times, blocks: [{ kind: 'table', columns, rows, empty: w.none }] };
}

function faultsOf(order: OrderDetail, w: typeof ZH, { language, timeZone }: Style): PaperSection {
  const columns = [
    { label: w.fault, width: 2 },
    { label: w.stage },
    { label: w.due },
    { label: w.done },
    { label: w.result },
  ];
  const rows = order.faults.flatMap((fault) =>
    fault.clocks
      .filter(({ state }) => state !== 'not_applicable')
      .map((clock, i) => [
        i === 0
          ? [fault.number, faultWords(language, fault.cause, fault.reason), fault.station?.name]
              .filter(Boolean)
              .join(' ')
          : '',
        repairWord(language, 'stage', clock.stage),
        localTime(clock.due_at, timeZone),
        localTime(clock.stopped_at, timeZone),
        clock.state === 'breached'
          ? repairWord(language, 'verdict', 'late')
          : repairWord(language, 'verdict', clock.state === 'met' ? 'on_time' : 'pending'),
      ]),
  );
  return { heading: w.clocks, blocks: [{ kind: 'table', columns, rows, empty: w.none }] };
}

function costOf(order: OrderDetail, w: typeof ZH, language: Language): PaperSection[] {
  const facts: [string, string][] = [
    [w.labour, yuan(order.labour_fen)],
    [w.logistics, yuan(order.logistics_fen)],
    [w.warranty, order.warranty === null ? '' : repairWord(language, 'warranty', order.warranty)],
  ];
  if (order.parts.length === 0 && order.labour_fen + order.logistics_fen === 0 && order.warranty === null) return [];
  const right = { align: 'right' as const };
  const table: PaperBlock = {
    kind: 'table',
    columns: [
      { label: w.name, width: 2 },
      { label: w.qty, ...right },
      { label: w.price, ...right },
      { label: w.sum, ...right },
    ],
    rows: order.parts.map(({ name, qty, unit_fen }) => [name, qty, yuan(unit_fen), yuan(qty * unit_fen)]),
    empty: w.none,
  };
  return [{ heading: w.parts, blocks: [table, { kind: 'facts', items: facts.filter(([, value]) => value !== '') }] }];
}

function closingOf(order: OrderDetail, w: typeof ZH, language: Language): PaperSection[] {
  if (order.cause_kind === null) return [];
  const items: [string, string][] = [
    [w.cause, repairWord(language, 'causeKind', order.cause_kind)],
    [w.why, order.cause_analysis ?? ''],
    [w.advice, order.advice ?? ''],
  ];
  return [{ heading: w.analysis, blocks: [{ kind: 'facts', items }] }];
}

function signOf(order: OrderDetail, signature: Buffer | null, w: typeof ZH, { timeZone }: Style): PaperSection {
  const word = order.confirmation;
  const site = {
    label: w.signed,
    ...(word === null ? {} : { name: `${word.name} (${w.via[word.via]})`, date: localTime(word.at, timeZone) }),
    ...(signature === null ? {} : { image: signature }),
  };
  const worker = { label: w.worker, ...(order.assignee === null ? {} : { name: order.assignee.name }) };
  return { heading: w.sign, blocks: [{ kind: 'signatures', parties: [worker, site] }] };
}
