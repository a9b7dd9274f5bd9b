/** Names of cases as people say them: `W-000123` is a work order, `F-000045` a fault. */
export const orderNumber = (id: number): string => `W-${padded(id)}`;
export const faultNumber = (id: number): string => `F-${padded(id)}`;

/** The id that a name, or the bare digits of one, stands for; null if it is neither. */
export function idOfNumber(text: string, letter: 'W' | 'F'): number | null {
  const digits = new RegExp(`^(?:${letter}-?)?(\\d{1,9})$`, 'i').exec(text.trim())?.[1];
  const id = Number(digits ?? 0);
  return id > 0 ? id : null;
}

const padded = (id: number): string => String(id).padStart(6, '0');
