import { ApiProblem } from '../api/problem.ts';

export const MAX_BYTES = 10_000_000;
export const MAX_FILES = 10;
export const MEDIA_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;

/** What speaks against a file before it is sent; the server looks at its content again. */
export function fileFault(file: Pick<File, 'size' | 'type'>): 'too_large' | 'type' | 'empty' | null {
  if (file.size === 0) return 'empty';
  if (file.size > MAX_BYTES) return 'too_large';
  return (MEDIA_TYPES as readonly string[]).includes(file.type) ? null : 'type';
}

/**
 * Sends one file and tells its progress, 0 to 1. By XMLHttpRequest: fetch tells nothing about what has left.
 * @throws ApiProblem
 */
export function uploadFile(exclusionId: number, file: File, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/exclusions/${exclusionId}/files`);
    request.responseType = 'json';
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new ApiProblem(request.status, request.response));
    };
    request.onerror = () => reject(new ApiProblem(0, null));
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
