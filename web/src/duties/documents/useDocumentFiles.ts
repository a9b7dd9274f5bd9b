import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiProblem } from '../../api/problem.ts';
import { useProblem } from '../../api/useProblem.ts';
import { fileFault } from '../../exclusions/upload.ts';
import type { Upload } from '../../exclusions/useUploads.ts';

/** Sends one file by XMLHttpRequest: fetch tells nothing about what has left. @throws ApiProblem */
function send(path: string, file: File, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.responseType = 'json';
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () =>
      request.status >= 200 && request.status < 300
        ? resolve()
        : reject(new ApiProblem(request.status, request.response));
    request.onerror = () => reject(new ApiProblem(0, null));
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

/** Files on their way to a document; what fails stays with the reason. */
export function useDocumentFiles(id: () => number, arrived: () => Promise<unknown>) {
  const { t } = useI18n();
  const { words } = useProblem();
  const uploads = ref<Upload[]>([]);

  async function take(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const wrong = fileFault(file);
      const upload: Upload = {
        file,
        share: 0,
        state: wrong === null ? 'sending' : 'failed',
        fault: wrong === null ? '' : t(`exclusions.files.fault.${wrong}`),
      };
      uploads.value.push(upload);
      if (wrong === null) await sendOne(uploads.value.length - 1);
    }
    await arrived();
    uploads.value = uploads.value.filter((upload) => upload.state !== 'sent');
  }
  async function sendOne(index: number): Promise<void> {
    const upload = uploads.value[index];
    if (!upload) return;
    try {
      await send(`/api/v1/documents-due/${id()}/files`, upload.file, (share) => {
        upload.share = share;
      });
      upload.state = 'sent';
    } catch (error) {
      upload.state = 'failed';
      upload.fault = words(error);
    }
  }
  function drop(upload: Upload): void {
    uploads.value = uploads.value.filter((each) => each.file !== upload.file);
  }
  return { uploads, take, drop };
}
