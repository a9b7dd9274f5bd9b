import manifest from '../package.json' with { type: 'json' };

/** Version of the agent, as told to the platform. */
export const AGENT_VERSION: string = manifest.version;
