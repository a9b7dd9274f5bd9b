export * from './core/config.ts';
export { createDevice, type Device, type DeviceStats } from './core/device.ts';
export { firstSeq } from './core/identity.ts';
export { MemorySpool, MemoryStore } from './core/memory.ts';
export type * from './core/ports.ts';
export { createMqttTransport, type MqttAddress, type MqttTransportOptions } from './mqtt/transport.ts';
