import type { REPLY_SCHEMAS } from './reply.schemas.js';
import type { REQUEST_SCHEMAS } from './request.schemas.js';

export { REPLY_SCHEMAS } from './reply.schemas.js';
export { REQUEST_SCHEMAS } from './request.schemas.js';

/** The name of a request or reply schema. */
export type SchemaName = keyof typeof REQUEST_SCHEMAS | keyof typeof REPLY_SCHEMAS;
