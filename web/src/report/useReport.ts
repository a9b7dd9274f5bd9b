import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';

export type StationPage = Answer<'/api/v1/public/stations/{token}'>;

/** What is known of a station, for whoever stands in front of it. */
export function useStationPage(token: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['station-page', token.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/public/stations/{token}', { params: { path: { token: token.value } }, signal })),
    refetchInterval: 60_000,
    retry: 1,
  });
}

/** A photo of a phone has many more pixels than anybody needs, and 4G is slow: the longer side is cut to this. */
const MAX_SIDE = 1600;
const QUALITY = 0.82;

/** The photo as a smaller JPEG; as it is if the browser can't read it. */
export async function shrunk(file: File): Promise<Blob> {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, MAX_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/jpeg', QUALITY));
  } catch {
    return file;
  }
}

/** Adds a photo to a report. @throws ApiProblem */
export async function sendPhoto(token: string, key: string, photo: File): Promise<void> {
  const form = new FormData();
  form.append('file', await shrunk(photo), 'photo.jpg');
  const url = `/api/v1/public/stations/${encodeURIComponent(token)}/photos/${encodeURIComponent(key)}`;
  const response = await fetch(url, { method: 'POST', body: form });
  if (!response.ok) throw new ApiProblem(response.status, await response.json().catch(() => null));
}
