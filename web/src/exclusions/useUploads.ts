import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useProblem } from '../api/useProblem.ts';
import { fileFault, uploadFile } from './upload.ts';

export interface Upload {
  readonly file: File;
  /** 0 to 1 */
  share: number;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  fault: string;
}

/** Files that were chosen, sent one after another. A file that fails stays in the list with the reason and can be sent again. */
export function useUploads() {
  const { t } = useI18n();
  const { words } = useProblem();
  const uploads = ref<Upload[]>([]);

  function choose(files: readonly File[]): void {
    const known = new Set(uploads.value.map((u) => `${u.file.name}/${u.file.size}`));
    const fresh = files.filter((f) => !known.has(`${f.name}/${f.size}`));
    uploads.value.push(
      ...fresh.map((file) => {
        const wrong = fileFault(file);
        const fault = wrong === null ? '' : t(`exclusions.files.fault.${wrong}`);
        return { file, share: 0, state: wrong === null ? ('waiting' as const) : ('failed' as const), fault };
      }),
    );
  }
  function drop(upload: Upload): void {
    uploads.value = uploads.value.filter((u) => u.file !== upload.file);
  }
  async function sendOne(id: number, upload: Upload): Promise<void> {
    upload.state = 'sending';
    upload.fault = '';
    try {
      await uploadFile(id, upload.file, (share) => {
        upload.share = share;
      });
      upload.state = 'sent';
    } catch (error) {
      upload.state = 'failed';
      upload.fault = words(error);
    }
  }
  /** Sends what has not been sent; true if all arrived. */
  async function send(id: number): Promise<boolean> {
    const due = uploads.value.filter((u) => u.state !== 'sent' && fileFault(u.file) === null);
    for (const upload of due) await sendOne(id, upload);
    return uploads.value.every((u) => u.state === 'sent');
  }
  function clearSent(): void {
    uploads.value = uploads.value.filter((u) => u.state !== 'sent');
  }
  return { uploads, choose, drop, send, clearSent };
}
