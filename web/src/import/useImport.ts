import { useQueryClient } from '@tanstack/vue-query';
import { type Ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { api, data, type paths } from '../api/client.ts';
import { type ImportKind, refusal } from './kinds.ts';

export type ImportReport = paths['/api/v1/imports/{kind}']['post']['responses'][200]['content']['application/json'];

/** One file on its way in: chosen, checked by a dry run, then imported wholly or not at all. A new file or kind begins anew. */
export function useImport(kind: Ref<ImportKind>) {
  const { locale } = useI18n();
  const client = useQueryClient();
  const file = shallowRef<File | null>(null);
  const refused = shallowRef<string | null>(null);
  const report = shallowRef<ImportReport | null>(null);
  const failure = shallowRef<unknown>(null);
  const checking = shallowRef(false);
  let run: AbortController | undefined;

  async function send(chosen: File, dryRun: boolean, signal?: AbortSignal): Promise<ImportReport> {
    // The description knows no type for an uploaded table: the body passes by the typed client as it is.
    const upload = { body: chosen as never, bodySerializer: (body: unknown) => body as File };
    return data(
      api.POST('/api/v1/imports/{kind}', {
        params: { path: { kind: kind.value }, query: { dry_run: dryRun } },
        headers: { 'Content-Type': 'text/csv', 'Accept-Language': locale.value },
        ...upload,
        ...(signal ? { signal } : {}),
      }),
    );
  }

  async function check(): Promise<void> {
    run?.abort();
    report.value = null;
    failure.value = null;
    checking.value = false;
    const chosen = file.value;
    if (!chosen) return;
    const mine = new AbortController();
    run = mine;
    checking.value = true;
    try {
      const answer = await send(chosen, true, mine.signal);
      if (run === mine) report.value = answer;
    } catch (error) {
      if (run === mine) failure.value = error;
    } finally {
      if (run === mine) checking.value = false;
    }
  }
  function choose(chosen: File): void {
    refused.value = refusal(chosen);
    file.value = refused.value ? null : chosen;
    void check();
  }
  function drop(): void {
    file.value = null;
    refused.value = null;
    void check();
  }
  /** Imports what was checked. If rows have become faulty since, nothing is imported and the report says which. */
  async function commit(): Promise<ImportReport | null> {
    if (!file.value) return null;
    const answer = await send(file.value, false);
    report.value = answer;
    if (answer.committed) await client.invalidateQueries();
    return answer;
  }
  watch([kind, locale], () => void check());
  return { file, refused, report, failure, checking, choose, drop, check, commit };
}
