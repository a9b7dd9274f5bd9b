import setup from '../setup/routes.ts';
import openApiDocument from './openapi-route.ts';

/** Every capability of the API, in the order of registration. A new one adds its line here. */
export const capabilities = [openApiDocument, setup];
