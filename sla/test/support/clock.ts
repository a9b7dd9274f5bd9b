/** `H:MM` or `H:MM:SS` as ms since midnight. */
export function clock(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
