import { expect, it } from 'vitest';
import { agentCommand } from '../../src/enrolment/agentCommand.ts';

it('names the platform and the token on one line that can be pasted', () => {
  expect(agentCommand('https://console.example', 'enr_abc')).toBe(
    'curl -fsSL https://console.example/api/v1/agent/install.sh | sudo sh -s -- https://console.example enr_abc',
  );
});
