import { create } from 'qrcode';
import { type Static, Type } from 'typebox';

export const QrCode = Type.Object({
  size: Type.Integer({ description: 'Modules a side, without the quiet zone' }),
  path: Type.String({ description: 'Dark modules as an SVG path, one unit a module' }),
});
export type QrCode = Static<typeof QrCode>;

/** A QR code (ISO/IEC 18004) that a quarter of dirt does not spoil, as runs of dark modules. */
export function qrOf(text: string): QrCode {
  const { modules } = create(text, { errorCorrectionLevel: 'Q' });
  const { size } = modules;
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!modules.get(y, x)) continue;
      let end = x;
      while (end < size && modules.get(y, end)) end++;
      path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return { size, path };
}
