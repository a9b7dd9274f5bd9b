import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Child } from '../../src/supervisor/child.ts';

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });

test('a killed child comes back, its JSON lines keep their level, and stop is final', async () => {
  const program = `console.log(JSON.stringify({level:40,msg:'hello',answer:42}));setInterval(()=>{},1000)`;
  const child = new Child({ name: 'sample', args: ['-e', program], log, restartDelayMs: 10 });
  child.start();
  await expect.poll(() => lines.filter((l) => l.includes('hello')).length).toBe(1);
  const first = child.pid;
  process.kill(first ?? 0, 'SIGKILL');
  await expect.poll(() => lines.filter((l) => l.includes('hello')).length).toBe(2);
  expect(child.pid).not.toBe(first);
  expect(JSON.parse(lines.find((l) => l.includes('hello')) ?? '{}')).toMatchObject({
    level: 40,
    answer: 42,
    part: 'sample',
  });
  const second = child.pid ?? 0;
  await child.stop();
  expect(() => process.kill(second, 0)).toThrow();
  expect(child.pid).toBeNull();
});

test('ready is what the program says; one that ends before is given up with its last words', async () => {
  const good = new Child({
    name: 'good',
    args: ['-e', `process.send({ready:true,url:'x'});setInterval(()=>{},1000)`],
    log,
  });
  expect(await good.startReady()).toEqual({ ready: true, url: 'x' });
  await good.stop();
  const bad = new Child({
    name: 'bad',
    args: ['-e', `console.error('PORT: taken');process.exitCode=1`],
    log,
    restartDelayMs: 10,
  });
  await expect(bad.startReady()).rejects.toThrow('bad did not start: PORT: taken');
  expect(bad.pid).toBeNull();
});
