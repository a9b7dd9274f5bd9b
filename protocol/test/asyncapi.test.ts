import { describe, expect, it } from 'vitest';
import { asyncApiDocument, EXAMPLES } from '../src/asyncapi.ts';
import { encodeBatch, encodeCbor } from '../src/codec.ts';
import type { Envelope } from '../src/schemas.ts';
import { DOWN_CHANNELS, UP_CHANNELS } from '../src/topics.ts';
import { decodeAck, decodeBatch, decodeCommand, decodeConfig, decodeStatus } from '../src/validate.ts';
import { RECORD_KINDS } from '../src/vocabulary.ts';

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly operations: Readonly<Record<string, { readonly action: string }>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

describe('AsyncAPI document', () => {
  const document = asyncApiDocument('0.1.0') as Document;

  it('names every channel, in the direction of a device', () => {
    expect(Object.keys(document.channels).sort()).toEqual([...UP_CHANNELS, ...DOWN_CHANNELS].sort());
    for (const name of UP_CHANNELS) expect(document.operations[name]?.action).toBe('send');
    for (const name of DOWN_CHANNELS) expect(document.operations[name]?.action).toBe('receive');
    expect(document.channels.rec?.address).toBe('up/v1/{deviceId}/rec');
  });

  it('has a schema for every kind of record, and no reference that leads nowhere', () => {
    expect(Object.keys(document.components.schemas).filter((name) => name.endsWith('Record')).length).toBe(
      RECORD_KINDS.length + 1,
    );
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      let at: unknown = document;
      for (const key of reference.split('/')) at = (at as Record<string, unknown> | undefined)?.[key];
      expect(at, reference).toBeDefined();
    }
  });

  it('shows examples that the platform takes, in every form', () => {
    const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const envelope = EXAMPLES.Batch as Envelope;
    const forms = [json(envelope), encodeCbor(envelope), encodeBatch(envelope), encodeBatch(envelope, { gzip: true })];
    for (const form of forms) {
      const batch = decodeBatch(form);
      expect(batch.rejects).toEqual([]);
      expect(batch.records.map(({ seq }) => seq)).toEqual([4711, 4712, 4713]);
    }
    expect(decodeStatus(json(EXAMPLES.Status)).session).toBe(88);
    expect(decodeAck(json(EXAMPLES.Ack)).state).toBe('accepted');
    expect(decodeCommand(json(EXAMPLES.Command)).op).toBe('selfcheck');
    expect(decodeConfig(json(EXAMPLES.Config)).rev).toBe(4);
  });
});
