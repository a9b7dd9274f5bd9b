import type { Plugin } from 'vite';

const LANGUAGE = /\/src\/i18n\/([\w-]+)\/index\.ts$/;

/** Tells the page by which names the words of each language were built, so that `start.js` can ask for them at once. */
export function wordFiles(): Plugin {
  return {
    name: 'uptally-words',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const files: Record<string, string> = {};
        for (const chunk of Object.values(bundle ?? {})) {
          const language = chunk.type === 'chunk' && LANGUAGE.exec(chunk.facadeModuleId ?? '')?.[1];
          if (language) files[language] = `/${chunk.fileName}`;
        }
        return [
          { tag: 'meta', attrs: { name: 'uptally-words', content: JSON.stringify(files) }, injectTo: 'head-prepend' },
        ];
      },
    },
  };
}
