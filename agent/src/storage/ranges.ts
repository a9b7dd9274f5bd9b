/** A set of sequence numbers as sorted, disjoint, non-touching half-open ranges `[from, to)`. */
export class SeqRanges {
  #ranges: [from: number, to: number][] = [];

  get size(): number {
    return this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  add(from: number, to: number): void {
    if (to <= from) return;
    const start = this.#firstEndingAtOrAfter(from);
    let end = start;
    let low = from;
    let high = to;
    for (let range = this.#ranges[end]; range && range[0] <= to; range = this.#ranges[++end]) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
    }
    this.#ranges.splice(start, end - start, [low, high]);
  }

  remove(from: number, to: number): void {
    if (to <= from) return;
    const start = this.#firstEndingAtOrAfter(from);
    let end = start;
    const kept: [number, number][] = [];
    for (let range = this.#ranges[end]; range && range[0] < to; range = this.#ranges[++end]) {
      if (range[0] < from) kept.push([range[0], Math.min(from, range[1])]);
      if (range[1] > to) kept.push([Math.max(to, range[0]), range[1]]);
    }
    this.#ranges.splice(start, end - start, ...kept);
  }

  has(seq: number): boolean {
    return this.next(seq)?.[0] === seq;
  }

  /** The part of the set from `seq` on up to the first gap after it; `null` if nothing is left. */
  next(seq: number): readonly [from: number, to: number] | null {
    const range = this.#ranges[this.#firstEndingAtOrAfter(seq + 1)];
    return range ? [Math.max(seq, range[0]), range[1]] : null;
  }

  /** How many numbers of `[from, to)` are in the set. */
  countWithin(from: number, to: number): number {
    let count = 0;
    for (const [low, high] of this.#ranges) count += Math.max(0, Math.min(high, to) - Math.max(low, from));
    return count;
  }

  /** Index of the first range whose end is not before `seq`. */
  #firstEndingAtOrAfter(seq: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.[1] ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
