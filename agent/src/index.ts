export * from './core/config.ts';
export { createDevice } from './core/device.ts';
export type * from './core/device-api.ts';
export { firstSeq } from './core/identity.ts';
export { MemorySpool, MemoryStore } from './core/memory.ts';
export type * from './core/ports.ts';
export { createMqttTransport, type MqttAddress, type MqttTransportOptions } from './mqtt/transport.ts';
