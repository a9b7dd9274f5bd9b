import { ApiProblem } from '../../api/problem.ts';
import type { Photo } from './store.ts';

/** Longer side of a photo that is sent, pixels: a serial number stays legible at a tenth of the bytes. */
const MAX_PX = 1_600;
const QUALITY = 0.82;

/** A photo of the camera, made small for 4G; as it is where the browser can't. */
export async function shrink(file: File): Promise<Photo> {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, MAX_PX / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    if (blob !== null && blob.size < file.size) return { blob, name: `${file.name.replace(/\.\w+$/, '')}.jpg` };
  } catch {
    // An old browser, or a file that is no image after all: the server looks at its content.
  }
  return { blob: file, name: file.name };
}

/** Sends a photo; gives its id. @throws ApiProblem */
export async function uploadPhoto(taskId: number, photo: Photo): Promise<number> {
  const form = new FormData();
  form.append('file', photo.blob, photo.name);
  const response = await fetch(`/api/v1/inspections/${taskId}/files`, {
    method: 'POST',
    body: form,
    credentials: 'same-origin',
  }).catch((cause: unknown) => {
    throw new ApiProblem(0, null, { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiProblem(response.status, body);
  return (body as { id: number }).id;
}
