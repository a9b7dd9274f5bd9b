import { Type } from 'typebox';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { oneOf } from '../http/schemas.ts';
import { AGENT_FILES, readAgentFiles } from './agent-files.ts';

const tags = ['enrolment'];
/** Nothing in it is secret; a terminal has no credentials before it is enrolled. */
const config = { access: 'public', rateLimit: { max: 600, timeWindow: '1 minute' } } as const;

const AgentFiles = Type.Object({
  version: Type.String(),
  files: Type.Array(
    Type.Object({
      name: oneOf(AGENT_FILES),
      bytes: Type.Integer(),
      sha256: Type.String({ description: 'Lower-case hex' }),
    }),
  ),
});

/** The agent as this server was built with, for terminals to install. */
export default capability('agent', async (app, { ctx }) => {
  const { agentDir, version } = ctx.settings;
  const files = agentDir === undefined ? null : await readAgentFiles(agentDir);
  const notBuilt = () => apiError('not_found', 'This server was built without the agent');

  app.get(
    '/agent',
    {
      config,
      schema: { tags, summary: 'The agent and what belongs to it, with digests', response: { 200: AgentFiles } },
    },
    async () => {
      if (files === null) throw notBuilt();
      const list = [...files.values()];
      return { version, files: list.map(({ name, content, sha256 }) => ({ name, bytes: content.length, sha256 })) };
    },
  );

  app.get(
    '/agent/:file',
    {
      config,
      schema: {
        tags,
        summary: 'A file of the agent: the program, its systemd unit, or a script that installs and enrols it',
        params: Type.Object({ file: oneOf(AGENT_FILES) }),
      },
    },
    async (request, reply) => {
      if (files === null) throw notBuilt();
      const file = files.get(request.params.file);
      if (file === undefined) throw apiError('not_found');
      return reply
        .header('content-type', file.mediaType)
        .header('x-content-type-options', 'nosniff')
        .header('etag', `"${file.sha256}"`)
        .send(file.content);
    },
  );
});
