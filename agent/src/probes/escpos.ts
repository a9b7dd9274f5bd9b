import type { ComponentReport } from '@uptally/protocol';
import { report } from './probe.ts';

/** Answers to DLE EOT n, one byte each; `null` where the printer did not answer. */
export interface PrinterStatus {
  readonly printer: number | null;
  readonly offline: number | null;
  readonly error: number | null;
  readonly paper: number | null;
}

/** DLE EOT n: transmit real-time status. */
export function statusRequest(n: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.of(0x10, 0x04, n);
}

/** Bits 0, 1, 4 and 7 of every answer are fixed as 0, 1, 1, 0: anything else is no status byte. */
export function isStatusByte(byte: number): boolean {
  return (byte & 0b1001_0011) === 0b0001_0010;
}

const bit = (byte: number | null, n: number) => byte !== null && (byte & (1 << n)) !== 0;

/**
 * The state of an ESC/POS printer by the bit tables of "ESC/POS Application Programming Guide", DLE EOT.
 * n=2 offline cause: bit 2 cover open, bit 5 stopped by paper end, bit 6 error. n=3 error cause: bit 3 cutter, bit 5 unrecoverable,
 * bit 6 recovers by itself (head temperature). n=4 paper roll: bits 2-3 near end, bits 5-6 end. n=1: bit 3 offline.
 */
export function judgePrinter(status: PrinterStatus): ComponentReport {
  const { printer, offline, error, paper } = status;
  if (printer === null && offline === null && error === null && paper === null) return report('fault', 'no_answer');
  if (bit(offline, 2)) return report('fault', 'cover_open');
  if (bit(paper, 5) || bit(paper, 6) || bit(offline, 5)) return report('fault', 'paper_out');
  if (bit(error, 3)) return report('fault', 'cutter_error');
  if (bit(error, 6)) return report('fault', 'head_hot');
  if (bit(error, 5) || bit(error, 2) || bit(offline, 6)) return report('fault', 'printer_error');
  if (bit(paper, 2) || bit(paper, 3)) return report('warn', 'paper_low');
  if (bit(printer, 3)) return report('warn', 'printer_error', 'offline');
  return report('ok');
}
