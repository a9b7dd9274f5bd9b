/** What is pasted into a terminal's shell to enrol it with a fresh token. One line a step, each can be repeated. */
export function agentCommand(origin: string, token: string): string {
  return [
    `sudo uptally-agent enroll --server ${origin} --token ${token}`,
    'sudo systemctl enable --now uptally-agent',
    'uptally-agent status',
  ].join('\n');
}
