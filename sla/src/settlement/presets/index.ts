import type { Contract } from '../language/index.ts';
import { DG } from './dg.ts';
import { HN } from './hn.ts';
import { QH } from './qh.ts';
import { ZJ } from './zj.ts';

export type PresetName = 'hn' | 'dg' | 'qh' | 'zj';

/** Four contracts of the trade, complete but for the names, days and amounts of those who sign. */
export const PRESETS: Readonly<Record<PresetName, Contract>> = { hn: HN, dg: DG, qh: QH, zj: ZJ };
