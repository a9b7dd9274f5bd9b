import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that a terminal is set up with. */
export interface AgentFile {
  readonly name: AgentFileName;
  readonly mediaType: string;
  readonly content: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

export const AGENT_FILES = ['uptally-agent.js', 'uptally-agent.service', 'install.sh'] as const;
export type AgentFileName = (typeof AGENT_FILES)[number];

const SOURCES: Readonly<Record<AgentFileName, readonly [path: string, mediaType: string]>> = {
  'uptally-agent.js': ['dist/uptally-agent.js', 'text/javascript; charset=utf-8'],
  'uptally-agent.service': ['uptally-agent.service', 'text/plain; charset=utf-8'],
  'install.sh': ['install.sh', 'text/x-shellscript; charset=utf-8'],
};

/**
 * The files of the agent that this server was built with; the installer names the digests of the others, in places marked `@name@`.
 * Null if the agent was not built.
 */
export async function readAgentFiles(dir: string): Promise<ReadonlyMap<string, AgentFile> | null> {
  const files = new Map<string, AgentFile>();
  try {
    for (const name of AGENT_FILES) {
      const [path, mediaType] = SOURCES[name];
      const raw = await readFile(join(dir, path));
      const content = name === 'install.sh' ? Buffer.from(filled(raw.toString(), files)) : raw;
      files.set(name, { name, mediaType, content, sha256: createHash('sha256').update(content).digest('hex') });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return files;
}

function filled(text: string, files: ReadonlyMap<string, AgentFile>): string {
  return [...files.values()].reduce((done, { name, sha256 }) => done.replaceAll(`@${name}@`, sha256), text);
}
