import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

test('nothing set is a complete configuration', () => {
  const config = readConfig({});
  expect(config.databaseUrl).toBeNull();
  expect(config.http.port).toBe(8080);
  expect(config.roles.size).toBe(5);
});

test('every fault is told at once, by the name of its setting', () => {
  const broken = {
    HTTP_PORT: '80 80',
    MQTT_URL: 'amqp://x',
    UPTALLY_ROLES: 'api,cook',
    LOG_LEVEL: 'loud',
    TWILIO_FROM: '+1',
  };
  const faults = (() => {
    try {
      readConfig(broken);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
    }
    return [];
  })();
  for (const name of Object.keys(broken)) expect(faults.some((fault) => fault.includes(name))).toBe(true);
});

test('.env.example names every setting that the configuration reads, and no other', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
  const named = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((m) => m[1]))].sort();
  expect(named(example, /^([A-Z_]+)=/gm)).toEqual(
    named(source, /r?\.?(?:text|secret|url|list|integer|port|flag|choice|timeZone)\('([A-Z_]+)'/g),
  );
});

test('a listener can be closed', () => {
  expect(readConfig({ MQTT_WS_PORT: 'off' }).listeners.ws).toBeNull();
});
