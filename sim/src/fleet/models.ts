import type { Model } from './types.ts';

/** Two invented terminal models of the trade's usual make-up (R-HN-2): both must have these parts in order to serve. */
const CORE = ['program', 'printer', 'card_reader', 'id_reader', 'screen', 'storage'] as const;

export const MODELS: readonly Model[] = [
  { code: 'NT-POS1', name: '村医通台式终端 一型', vendor: '示例终端', requiredComponents: CORE },
  {
    code: 'NT-POS2',
    name: '村医通台式终端 二型（带扫码）',
    vendor: '示例终端',
    requiredComponents: [...CORE, 'scanner'],
  },
];
