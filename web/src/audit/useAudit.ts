import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { RouteLocationRaw } from 'vue-router';
import { api, data, type Item, type QueryOf } from '../api/client.ts';
import { fromLocalInput } from '../format/time.ts';
import { present, usePagedList } from '../ui/table/usePagedList.ts';

export type AuditEntry = Item<'/api/v1/audit'>;
export const AUDIT_FILTERS = ['action', 'subject', 'user_id', 'from', 'to'] as const;
export type AuditFilters = Readonly<Record<(typeof AUDIT_FILTERS)[number], string>>;

/** Areas that actions begin with, for the filter. */
export const AREAS = [
  'session',
  'user',
  'org',
  'api_key',
  'device',
  'enrolment_token',
  'registry',
  'region',
  'site',
  'station',
  'sim',
  'model',
  'command',
  'incident',
  'oncall',
  'exclusion',
  'contract',
  'contract_document',
  'period',
  'statement',
  'metric_input',
  'fault',
  'work_order',
  'ledger',
  'inspection',
  'stock',
  'complaint',
  'rating_sheet',
  'report',
  'evidence',
  'setup',
  'admin',
] as const;

/** Days of the contract zone as instants: the last day belongs to the span. */
export function auditQuery(filters: AuditFilters): QueryOf<'/api/v1/audit'> {
  const { from, to, user_id, action, subject } = present(filters);
  const dayAfter = to && new Date(Date.parse(fromLocalInput(`${to}T00:00`)) + 86_400_000).toISOString();
  return {
    ...(action ? { action: `${action}.` } : {}),
    ...(subject ? { subject } : {}),
    ...(user_id ? { user_id: Number(user_id) } : {}),
    ...(from ? { from: fromLocalInput(`${from}T00:00`) } : {}),
    ...(dayAfter ? { to: dayAfter } : {}),
  };
}

export function useAudit(filters: Ref<AuditFilters>) {
  return usePagedList<AuditEntry>({
    key: () => ['audit', filters.value],
    fetch: (page, signal) =>
      data(api.GET('/api/v1/audit', { params: { query: { ...page, ...auditQuery(filters.value) } }, signal })),
  });
}

/** Stands where one record has its number, for several of the repair ledger at once. */
const SEVERAL = 'lines';

/** Words for actions and subjects: of the action itself, else of the area and the deed. What the console has no word for is shown as the log has it. */
export function useAuditWords() {
  const { t, te, locale } = useI18n();
  const word = (key: string, otherwise: string) => (te(key, locale.value) ? t(key) : otherwise);
  const area = (code: string) => word(`audit.area.${code}`, code);
  function action(code: string): string {
    if (te(`audit.action.${code}`, locale.value)) return t(`audit.action.${code}`);
    const [kind = '', did = ''] = code.split(/\.(.*)/s);
    if (!te(`audit.deed.${did}`, locale.value)) return code;
    return t('audit.did', { area: area(kind), deed: t(`audit.deed.${did}`) });
  }
  function subject(raw: string): string {
    const [kind = '', id = ''] = raw.split(/:(.*)/s);
    if (kind === 'import') return word(`import.kind.${id}`, id);
    return id && id !== SEVERAL ? `${area(kind)} ${id}` : area(kind);
  }
  return { action, area, subject };
}

/** Pages of what entries are about, by the kind of subject; these have numbers. */
const PAGES: Readonly<Record<string, string>> = {
  user: 'user',
  exclusion: 'exclusion',
  incident: 'incident',
  statement: 'statement',
  fault: 'fault',
  work_order: 'order',
};

/** The page of what an entry is about, where there is one. */
export function subjectRoute(raw: string): RouteLocationRaw | null {
  const [kind = '', id] = raw.split(/:(.*)/s);
  if (!id) return null;
  if (kind === 'device') return { name: 'device', params: { id } };
  if (kind === 'statement') return { name: 'statement', params: { id } };
  if (kind === 'command_batch') return { name: 'command-batch', params: { id } };
  const name = PAGES[kind];
  return name !== undefined && /^\d+$/.test(id) ? { name, params: { id } } : null;
}
