import { capability } from './capability.ts';
import { openApiDocument } from './openapi.ts';
import { Json } from './schemas.ts';

export default capability('openapi', async (app) => {
  app.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: { hide: true, response: { 200: Json } },
    },
    () => openApiDocument(app),
  );
});
