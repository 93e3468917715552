import type { IncomingMessage } from 'node:http';
import { SharedAllowance } from '../support/shared.allowance.js';
import { readBody } from '../wire/body.reader.js';
import { AdminError } from './operation.types.js';

/** Maximum length of an admin request body, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

/** Maximum memory for all request bodies being read, in bytes. */
const ALL_BYTES = 16 * 1024 * 1024;

/** Reads the bodies of admin requests within one shared memory limit. */
export class JsonBodyReader {
  readonly #limits = { keepBytes: LIMIT_BYTES, limitBytes: LIMIT_BYTES, allowance: new SharedAllowance(ALL_BYTES) };

  /**
   * @returns the bytes of a JSON body; empty if there is no body
   * @throws AdminError 413, 415 or 503
   */
  read(request: IncomingMessage): Promise<Buffer> {
    refuseOtherTypes(request);
    return new Promise((resolve, reject) => {
      readBody(request, this.#limits, (read) => {
        if (read.kind === 'whole') resolve(read.body);
        else if (read.kind === 'busy')
          reject(new AdminError(503, 'too_busy', 'Too many bodies are being read. Try again.'));
        else reject(new AdminError(413, 'body_too_large', 'The body is larger than 1 MiB.'));
      });
    });
  }
}

/** Checks the headers before any of the body is read. */
function refuseOtherTypes({ headers }: IncomingMessage): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody) return;
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new AdminError(415, 'unsupported_media_type', 'Send the body without Content-Encoding.');
  }
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new AdminError(415, 'unsupported_media_type', 'Send the body as Content-Type: application/json.');
  }
}
