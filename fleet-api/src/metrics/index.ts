export { type ProbeOptions, serveProbes } from './probe-server.ts';
