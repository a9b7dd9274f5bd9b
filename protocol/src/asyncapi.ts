import { LIMITS } from './limits.ts';
import {
  AckMessage,
  CommandMessage,
  ConfigMessage,
  EnvelopeHead,
  OtherRecord,
  RECORD_SCHEMAS,
  StatusMessage,
} from './schemas.ts';
import { type Channel, DEVICE_ID_PATTERN, topicOf } from './topics.ts';

/** The wire contract as an AsyncAPI 3 document, from the schemas that the platform decodes with. Written from the device's side. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

interface ChannelFacts {
  readonly message: string;
  readonly action: 'send' | 'receive';
  readonly retain: boolean;
  readonly title: string;
  readonly summary: string;
}

const CHANNELS: Readonly<Record<Channel, ChannelFacts>> = {
  rec: {
    message: 'Batch',
    action: 'send',
    retain: false,
    title: 'Records',
    summary: 'A batch of records of one boot. PUBACK means: committed to the database.',
  },
  status: {
    message: 'Status',
    action: 'send',
    retain: true,
    title: 'Birth and will',
    summary: 'Birth after every connect, the same session number in the will, and a clean end before DISCONNECT.',
  },
  ack: {
    message: 'Ack',
    action: 'send',
    retain: false,
    title: 'Progress of a command',
    summary:
      'accepted once the command is stored on the device, running once it is begun. The outcome is a result record.',
  },
  cmd: {
    message: 'Command',
    action: 'receive',
    retain: false,
    title: 'Commands',
    summary: 'Delivered at least once; the id makes execution exactly-once.',
  },
  cfg: {
    message: 'Config',
    action: 'receive',
    retain: true,
    title: 'Configuration',
    summary: 'The newest revision is retained. A revision older than the one in force is ignored.',
  },
};

/** Messages as they are, in JSON; the documentation and its tests use them too. */
export const EXAMPLES = {
  Batch: {
    v: 1,
    boot: 12,
    seq0: 4711,
    sent_ms: 1_795_260_600_000,
    mono_ms: 3_605_000,
    recs: [
      { k: 'beat', d_mono: 0 },
      {
        k: 'health',
        d_mono: 1200,
        c: { printer: { s: 'fault', r: 'paper_out' } },
        m: { cpu_pct: 7.5, mem_used_pct: 41 },
      },
      { k: 'net', d_mono: 1500, rtt_ms: 61, jitter_ms: 4.2, sent: 10, lost: 0, signal_dbm: -79, rat: '4g' },
    ],
  },
  Status: {
    v: 1,
    s: 'on',
    session: 88,
    boot: 12,
    agent: 'acme-1.4.0',
    fw: 'acme-os-7',
    beat_ms: 60_000,
    cfg_rev: 3,
    mono_ms: 3_604_000,
  },
  Ack: { v: 1, cmd: '0198c0de-0000-7000-8000-000000000001', state: 'accepted' },
  Command: { v: 1, id: '0198c0de-0000-7000-8000-000000000001', op: 'selfcheck', ttl_ms: 600_000 },
  Config: { v: 1, rev: 4, beat_ms: 60_000, health_ms: 60_000, full_ms: 86_400_000 },
} as const;

/** The document as plain JSON values. `version` is the platform's. */
export function asyncApiDocument(version = '1.0.0'): object {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Uptally device protocol v1', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers: servers(),
    channels: mapChannels(channel),
    operations: mapChannels(operation),
    components: {
      securitySchemes: {
        device: { type: 'userPassword', description: 'User name and client id: the device id. Password: its secret.' },
      },
      messages: messages(),
      schemas: schemas(),
    },
  };
}

const DESCRIPTION = [
  'MQTT 3.1.1. A device publishes and subscribes only under its own id; everything else is refused and counted.',
  'Payloads are JSON or CBOR (the first byte tells), gzip around either is accepted;',
  `at most ${LIMITS.packetBytes} bytes a packet. Unknown fields are ignored, unknown kinds of record are stored.`,
  'See docs/protocol.md for a walk through it.',
].join(' ');

function servers(): Json {
  const security = [{ $ref: '#/components/securitySchemes/device' }];
  const variables = { host: { description: 'Address of the platform', default: 'localhost' } };
  const common = { protocolVersion: '3.1.1', variables, security };
  return {
    tls: { host: '{host}:8883', protocol: 'secure-mqtt', ...common },
    tcp: { host: '{host}:1883', protocol: 'mqtt', ...common },
    websocket: { host: '{host}:8083', protocol: 'ws', ...common },
  };
}

function mapChannels(make: (name: Channel, facts: ChannelFacts) => Json): Json {
  return Object.fromEntries(
    (Object.entries(CHANNELS) as [Channel, ChannelFacts][]).map(([name, facts]) => [name, make(name, facts)]),
  );
}

function channel(name: Channel, { message, title, summary }: ChannelFacts): Json {
  return {
    address: topicOf('{deviceId}', name),
    title,
    summary,
    parameters: {
      deviceId: { description: `Public device id, ${DEVICE_ID_PATTERN}`, examples: ['dev-0001'] },
    },
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
  };
}

function operation(name: Channel, { action, message, retain, summary }: ChannelFacts): Json {
  return {
    action,
    channel: { $ref: `#/channels/${name}` },
    summary,
    messages: [{ $ref: `#/channels/${name}/messages/${message}` }],
    bindings: { mqtt: { qos: 1, retain, bindingVersion: '0.2.0' } },
  };
}

function messages(): Json {
  return Object.fromEntries(
    Object.values(CHANNELS).map(({ message, title, summary }) => [
      message,
      {
        name: message,
        title,
        summary,
        payload: { $ref: `#/components/schemas/${message}` },
        examples: [{ payload: plain(EXAMPLES[message as keyof typeof EXAMPLES]) }],
      },
    ]),
  );
}

function schemas(): Json {
  const records = Object.entries(RECORD_SCHEMAS).map(([kind, schema]) => [recordName(kind), plain(schema)] as const);
  const anyRecord = [...records.map(([name]) => name), 'OtherRecord'].map((name) => ({
    $ref: `#/components/schemas/${name}`,
  }));
  const envelope = plain(EnvelopeHead) as { readonly properties: { readonly recs: { readonly [key: string]: Json } } };
  const { recs } = envelope.properties;
  return {
    Batch: { ...envelope, properties: { ...envelope.properties, recs: { ...recs, items: { anyOf: anyRecord } } } },
    ...Object.fromEntries(records),
    OtherRecord: plain(OtherRecord),
    Status: plain(StatusMessage),
    Ack: plain(AckMessage),
    Command: plain(CommandMessage),
    Config: plain(ConfigMessage),
  };
}

function recordName(kind: string): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Record`;
}

/** Without what TypeBox keeps beside the schema. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
