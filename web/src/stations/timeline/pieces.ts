/** From segments and what lies over them to what is drawn and listed. All instants Unix ms, all intervals half-open. */

export type Dimension = 'network' | 'equipment';
export const DIMENSIONS = ['network', 'equipment'] as const;

/** What a stretch of a band shows. `off`: nothing is required then; `future`: it has not happened yet. */
export const SHOWN = ['down', 'unknown', 'platform', 'excluded', 'off', 'up', 'future'] as const;
export type Shown = (typeof SHOWN)[number];

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Segment extends Stretch {
  readonly state: 'up' | 'down' | 'unknown';
  readonly cause: string;
  readonly component?: string | undefined;
}

export interface Exclusion extends Stretch {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  readonly dimension: Dimension | 'both';
}

/** A stretch with one look and one reason. */
export interface Piece extends Stretch {
  readonly shown: Shown;
  readonly segment: Segment | null;
  readonly exclusion: Exclusion | null;
}

export interface Layers extends Stretch {
  readonly asOfMs: number;
  readonly segments: readonly Segment[];
  readonly exclusions: readonly Exclusion[];
  /** Where the contract wants nothing: outside of service hours, suspended, not in use. */
  readonly off: readonly Stretch[];
}

function shownOf(segment: Segment): Shown {
  return segment.state === 'unknown' && segment.cause === 'platform' ? 'platform' : segment.state;
}

/** A pointer over sorted stretches that only moves on: `at(t)` is the one that holds `t`. */
function walker<S extends Stretch>(stretches: readonly S[]) {
  const sorted = [...stretches].sort((a, b) => a.fromMs - b.fromMs);
  return (t: number): S | null => sorted.find((s) => s.fromMs <= t && t < s.toMs) ?? null;
}

/** Segments come sorted and without gaps: found by halving. */
function segmentAt(segments: readonly Segment[], t: number): Segment | null {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.toMs ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  const found = segments[low];
  return found && found.fromMs <= t ? found : null;
}

/** The dimension's window as a partition. An approved exclusion wins over every state, time without duty over both. */
export function pieces(layers: Layers, dimension: Dimension): Piece[] {
  const counting = layers.exclusions.filter(
    (e) => e.state === 'approved' && (e.dimension === 'both' || e.dimension === dimension),
  );
  const excludedAt = walker(counting);
  const offAt = walker(layers.off);
  const edges = [layers.segments, counting, layers.off].flatMap((list) => list.flatMap((s) => [s.fromMs, s.toMs]));
  const inside = [...edges, layers.asOfMs].filter((t) => t > layers.fromMs && t < layers.toMs);
  const cuts = [...new Set([layers.fromMs, ...inside, layers.toMs])].sort((a, b) => a - b);
  const found: Piece[] = [];
  for (const [i, fromMs] of cuts.slice(0, -1).entries()) {
    const toMs = cuts[i + 1] ?? layers.toMs;
    const segment = segmentAt(layers.segments, fromMs);
    const piece = { fromMs, toMs, segment, ...lookAt(fromMs, segment) };
    const last = found.at(-1);
    if (last && sameLook(last, piece)) found[found.length - 1] = { ...last, toMs };
    else found.push(piece);
  }
  return found;

  function lookAt(t: number, segment: Segment | null): Pick<Piece, 'shown' | 'exclusion'> {
    if (offAt(t)) return { shown: 'off', exclusion: null };
    const exclusion = excludedAt(t);
    if (exclusion) return { shown: 'excluded', exclusion };
    if (t >= layers.asOfMs) return { shown: 'future', exclusion: null };
    return { shown: segment ? shownOf(segment) : 'off', exclusion: null };
  }
}

function sameLook(a: Piece, b: Piece): boolean {
  if (a.shown !== b.shown || a.exclusion !== b.exclusion) return false;
  return a.shown === 'off' || a.shown === 'future' || a.shown === 'excluded' || a.segment === b.segment;
}

/** The pieces within a window, cut at its ends. */
export function within(all: readonly Piece[], window: Stretch): Piece[] {
  return all
    .filter((p) => p.toMs > window.fromMs && p.fromMs < window.toMs)
    .map((p) => ({ ...p, fromMs: Math.max(p.fromMs, window.fromMs), toMs: Math.min(p.toMs, window.toMs) }));
}

export interface Drawn extends Stretch {
  /** What is shown there; of several, the worst. */
  readonly piece: Piece;
}

/**
 * What can be drawn in `slots` columns: neighbours that share a column are drawn as one with the worst of their looks, so that a short
 * interruption is never drawn over by the calm around it, and a band of ten thousand pieces stays cheap.
 */
export function drawable(all: readonly Piece[], window: Stretch, slots: number): Drawn[] {
  const slotMs = (window.toMs - window.fromMs) / slots;
  const drawn: Drawn[] = [];
  for (const piece of within(all, window)) {
    const last = drawn.at(-1);
    if (last && piece.toMs - last.fromMs < slotMs) {
      const worse = SHOWN.indexOf(piece.shown) < SHOWN.indexOf(last.piece.shown) ? piece : last.piece;
      drawn[drawn.length - 1] = { piece: worse, fromMs: last.fromMs, toMs: piece.toMs };
    } else drawn.push({ piece, fromMs: piece.fromMs, toMs: piece.toMs });
  }
  return drawn;
}

/** Intervals worth a line in the list: what counts against somebody, or was taken out. Worst kind first, then the longest. */
export const LISTED: readonly Shown[] = ['down', 'unknown', 'platform', 'excluded'];

export interface Listed extends Piece {
  readonly dimension: Dimension;
}

export function listed(
  bands: Readonly<Record<Dimension, readonly Piece[]>>,
  wanted: { readonly dimension: string; readonly shown: string },
): Listed[] {
  const rows = DIMENSIONS.filter((d) => wanted.dimension === '' || d === wanted.dimension).flatMap((dimension) =>
    bands[dimension].map((p) => ({ ...p, dimension })),
  );
  const kept = rows.filter((p) => (wanted.shown === '' ? LISTED.includes(p.shown) : p.shown === wanted.shown));
  const length = (p: Stretch) => p.toMs - p.fromMs;
  return kept.sort(
    (a, b) => SHOWN.indexOf(a.shown) - SHOWN.indexOf(b.shown) || length(b) - length(a) || a.fromMs - b.fromMs,
  );
}
