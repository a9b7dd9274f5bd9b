export { createBroker } from './broker.ts';
export { DownlinkError } from './downlink.ts';
export { type BrokerLimits, DEFAULT_LIMITS } from './limits.ts';
export { ListenError } from './listeners.ts';
export * from './ports.ts';
export { brokerMetrics } from './stats.ts';
