import { csvOf, IMPORT_KINDS, type ImportKind } from '../fleet/csv.ts';
import type { Fleet } from '../fleet/types.ts';
import type { Platform } from './http.ts';

interface ImportAnswer {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly committed: boolean;
  readonly errors: readonly { readonly line: number; readonly column?: string | null; readonly message: string }[];
}

/** The platform found something wrong with our tables. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** Loads the registry of a fleet through the public import. Doing it again changes nothing. */
export async function seedFleet(
  platform: Platform,
  fleet: Fleet,
  loaded: (kind: ImportKind | 'models', rows: number) => void,
): Promise<void> {
  await seedModels(platform, fleet);
  loaded('models', fleet.models.length);
  for (const kind of IMPORT_KINDS) {
    const answer = await platform.postCsv<ImportAnswer>(`/imports/${kind}`, csvOf(fleet, kind));
    if (!answer.committed) {
      const faults = answer.errors.slice(0, 5).map((e) => `line ${e.line} ${e.column ?? ''}: ${e.message}`);
      throw new SeedError(`the import of ${kind} was refused: ${faults.join('; ')}`);
    }
    loaded(kind, answer.rows);
  }
}

async function seedModels(platform: Platform, fleet: Fleet): Promise<void> {
  const { items } = await platform.get<{ items: readonly { readonly code: string }[] }>('/models');
  const there = new Set(items.map((model) => model.code));
  for (const model of fleet.models) {
    if (there.has(model.code)) continue;
    const { code, name, vendor, requiredComponents: required_components } = model;
    await platform.post('/models', { code, name, vendor, required_components });
  }
}
