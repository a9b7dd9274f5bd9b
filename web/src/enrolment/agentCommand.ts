/** What is pasted into a terminal's shell: fetches the agent of this server, installs it and enrols it with a fresh token. */
export function agentCommand(origin: string, token: string): string {
  return `curl -fsSL ${origin}/api/v1/agent/install.sh | sudo sh -s -- ${origin} ${token}`;
}
