const STEPS = ['acknowledge', 'set_out', 'arrive', 'restore', 'repair'] as const;
/** The first step that may follow a state. */
const FROM: Readonly<Record<string, number>> = {
  new: 0,
  acknowledged: 1,
  assigned: 1,
  on_the_way: 2,
  on_site: 3,
  restored: 4,
};

/** What whoever has the order may do next, as far as its state tells; the server looks again. */
export function nextSteps(state: string): string[] {
  const from = FROM[state];
  return from === undefined ? ['add_photo'] : [...STEPS.slice(from), 'add_photo'];
}
