import { expect, it } from 'vitest';
import { agentCommand } from '../../src/enrolment/agentCommand.ts';

it('names the platform and the token on one line that can be pasted', () => {
  const lines = agentCommand('https://console.example', 'enr_abc').split('\n');
  expect(lines[0]).toBe('sudo uptally-agent enroll --server https://console.example --token enr_abc');
  expect(lines).toHaveLength(3);
});
