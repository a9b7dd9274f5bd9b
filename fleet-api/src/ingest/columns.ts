/**
 * Columns of a flush as PostgreSQL arrays in binary form, ready to be bound to `$n::type[]` and unnested. Building and parsing
 * them costs a fraction of array literals, and instants need no conversion in SQL.
 *
 * Layout (array_send in src/backend/utils/adt/arrayfuncs.c): dimensions, has-null flag, element type; length and lower bound of
 * the dimension; then each element as length and bytes, length -1 for null. All numbers are big-endian.
 */

/** OIDs of the element types in use; fixed for ever in pg_type.dat. */
const OID = {
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  float4: 700,
  date: 1082,
  timestamptz: 1184,
  jsonb: 3802,
} as const;
export type ColumnType = keyof typeof OID;

const HEADER_BYTES = 20;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const HIGH = 2 ** 32;

/** Grows as values are pushed; {@link Column.bytes} ends it. */
export class Column<V> {
  readonly #type: ColumnType;
  readonly #write: (column: Column<V>, value: V) => void;
  buffer: Buffer;
  at = HEADER_BYTES;
  #length = 0;

  constructor(type: ColumnType, expected: number, elementBytes: number, write: (column: Column<V>, value: V) => void) {
    this.#type = type;
    this.#write = write;
    this.buffer = Buffer.allocUnsafe(HEADER_BYTES + expected * (4 + elementBytes));
  }

  get length(): number {
    return this.#length;
  }

  push(value: V | null): void {
    this.#length += 1;
    if (value === null) {
      this.reserve(4);
      this.at = this.buffer.writeInt32BE(-1, this.at);
    } else {
      this.#write(this, value);
    }
  }

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(bigger, 0, 0, this.at);
    this.buffer = bigger;
  }

  /** The array as a bind parameter. */
  bytes(): Buffer {
    const { buffer } = this;
    buffer.writeInt32BE(this.#length === 0 ? 0 : 1, 0);
    buffer.writeInt32BE(1, 4);
    buffer.writeInt32BE(OID[this.#type], 8);
    if (this.#length === 0) return buffer.subarray(0, 12);
    buffer.writeInt32BE(this.#length, 12);
    buffer.writeInt32BE(1, 16);
    return buffer.subarray(0, this.at);
  }
}

function writeInt64(column: Column<number>, value: number): void {
  column.reserve(12);
  const { buffer } = column;
  const high = Math.floor(value / HIGH);
  let at = buffer.writeInt32BE(8, column.at);
  at = buffer.writeInt32BE(high, at);
  column.at = buffer.writeUInt32BE(value - high * HIGH, at);
}

export const int8 = (expected: number): Column<number> => new Column('int8', expected, 8, writeInt64);

/** Unix ms in, microseconds since 2000 out. */
export const instant = (expected: number): Column<number> =>
  new Column('timestamptz', expected, 8, (column, ms) => writeInt64(column, (ms - POSTGRES_EPOCH_MS) * 1000));

export const int4 = (expected: number): Column<number> =>
  new Column('int4', expected, 4, (column, value) => {
    column.reserve(8);
    column.at = column.buffer.writeInt32BE(value, column.buffer.writeInt32BE(4, column.at));
  });

export const int2 = (expected: number): Column<number> =>
  new Column('int2', expected, 2, (column, value) => {
    column.reserve(6);
    column.at = column.buffer.writeInt16BE(value, column.buffer.writeInt32BE(2, column.at));
  });

export const float4 = (expected: number): Column<number> =>
  new Column('float4', expected, 4, (column, value) => {
    column.reserve(8);
    column.at = column.buffer.writeFloatBE(value, column.buffer.writeInt32BE(4, column.at));
  });

/** Days since 1970 in. */
export const date = (expected: number): Column<number> =>
  new Column('date', expected, 4, (column, day) => {
    column.reserve(8);
    column.at = column.buffer.writeInt32BE(
      day - POSTGRES_EPOCH_MS / 86_400_000,
      column.buffer.writeInt32BE(4, column.at),
    );
  });

export const text = (expected: number): Column<string> =>
  new Column('text', expected, 16, (column, value) => {
    const bytes = Buffer.byteLength(value);
    column.reserve(4 + bytes);
    column.at = column.buffer.writeInt32BE(bytes, column.at);
    column.at += column.buffer.write(value, column.at);
  });

/** JSON text in. The leading 1 is the version of jsonb's binary form. */
export const json = (expected: number): Column<string> =>
  new Column('jsonb', expected, 64, (column, value) => {
    const bytes = Buffer.byteLength(value);
    column.reserve(5 + bytes);
    column.at = column.buffer.writeInt32BE(bytes + 1, column.at);
    column.at = column.buffer.writeUInt8(1, column.at);
    column.at += column.buffer.write(value, column.at);
  });

export const bytea = (expected: number): Column<Uint8Array> =>
  new Column('bytea', expected, 64, (column, value) => {
    column.reserve(4 + value.length);
    column.at = column.buffer.writeInt32BE(value.length, column.at);
    column.buffer.set(value, column.at);
    column.at += value.length;
  });
