import { ApiProblem } from '../../api/problem.ts';

/** Sends a photo of the wiping. @throws ApiProblem */
export async function sendPhoto(checkId: number, file: File): Promise<void> {
  const form = new FormData();
  form.append('file', file);
  const response = await fetch(`/api/v1/stock/wipes/${checkId}/files`, { method: 'POST', body: form }).catch(
    (cause: unknown) => {
      throw new ApiProblem(0, null, { cause });
    },
  );
  if (!response.ok) throw new ApiProblem(response.status, await response.json().catch(() => null));
}
