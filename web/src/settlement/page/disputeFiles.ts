import { type Ref, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiProblem } from '../../api/problem.ts';
import { useProblem } from '../../api/useProblem.ts';
import { fileFault } from '../../exclusions/upload.ts';
import type { Upload } from '../../exclusions/useUploads.ts';

/** Files of an objection, sent once it exists. What fails stays in the list with the reason. */
export function useDisputeFiles(statementId: Ref<number>) {
  const { t } = useI18n();
  const { words } = useProblem();
  const uploads = ref<Upload[]>([]);
  function choose(files: readonly File[]): void {
    uploads.value.push(
      ...files.map((file) => {
        const wrong = fileFault(file);
        return {
          file,
          share: 0,
          state: wrong === null ? ('waiting' as const) : ('failed' as const),
          fault: wrong === null ? '' : t(`exclusions.files.fault.${wrong}`),
        };
      }),
    );
  }
  function drop(upload: Upload): void {
    uploads.value = uploads.value.filter((u) => u.file !== upload.file);
  }
  async function send(disputeId: number): Promise<void> {
    for (const upload of uploads.value.filter((u) => u.state === 'waiting')) {
      upload.state = 'sending';
      try {
        await post(`/api/v1/statements/${statementId.value}/disputes/${disputeId}/files`, upload.file);
        upload.state = 'sent';
      } catch (error) {
        upload.state = 'failed';
        upload.fault = words(error);
      }
    }
  }
  function clearSent(): void {
    uploads.value = uploads.value.filter((u) => u.state !== 'sent');
  }
  return { uploads, choose, drop, send, clearSent };
}

async function post(url: string, file: File): Promise<void> {
  const form = new FormData();
  form.append('file', file);
  const response = await fetch(url, { method: 'POST', body: form });
  if (!response.ok) throw new ApiProblem(response.status, await response.json().catch(() => null));
}
