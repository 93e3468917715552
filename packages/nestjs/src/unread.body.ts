import type { ExecutionContext } from '@nestjs/common';

/** A body that nothing had parsed before the guard ran. */
export interface UnreadBody {
  /** Its media type, from a fixed list: text from a caller must not appear in a log. */
  readonly mediaType: string;
  /** For the caller. */
  readonly detail: string;
  /** For the operator. */
  readonly advice: string;
}

interface RequestWithBody {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const JSON_TYPE = 'application/json';
const MULTIPART = 'multipart/form-data';
const PARSED_TYPES = [JSON_TYPE, 'application/x-www-form-urlencoded'];
const NAMED_TYPES = [...PARSED_TYPES, MULTIPART, 'text/plain', 'application/octet-stream'];

/** @returns undefined if the body was parsed, or there is none */
export function unreadBodyOf(context: ExecutionContext): UnreadBody | undefined {
  if (context.getType() !== 'http') return undefined;
  const { body, headers } = context.switchToHttp().getRequest<RequestWithBody | undefined>() ?? {};
  const given = String(headers?.['content-type'] ?? '')
    .split(';', 1)[0]!
    .trim()
    .toLowerCase();
  const mediaType = NAMED_TYPES.find((type) => type === given) ?? 'another media type';
  if (!hasBody(headers) || isParsed(body, mediaType)) return undefined;
  return {
    mediaType,
    detail: `The body (${mediaType}) was not read. Send ${JSON_TYPE}.`,
    advice: adviceFor(mediaType),
  };
}

function hasBody(headers: RequestWithBody['headers']): boolean {
  return headers?.['transfer-encoding'] !== undefined || Number(headers?.['content-length'] ?? 0) > 0;
}

function isParsed(body: unknown, mediaType: string): boolean {
  if (PARSED_TYPES.includes(mediaType)) return body !== undefined;
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body) && Object.keys(body).length > 0;
}

function adviceFor(mediaType: string): string {
  const begin = `A guarded route received a body (${mediaType}) that nothing had parsed before the guard ran.`;
  if (mediaType === JSON_TYPE) return `${begin} Leave Nest's body parser on, or register one.`;
  const parse =
    mediaType === MULTIPART
      ? 'Interceptors such as FileInterceptor run after guards: parse it in a middleware (on Express `multer().none()`, on Fastify @fastify/multipart with `attachFieldsToBody: "keyValues"`)'
      : 'Let callers send JSON, or parse it in a middleware';
  return `${begin} ${parse}, or take the identity from elsewhere with \`from\`.`;
}
