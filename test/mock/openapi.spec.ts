import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GATEWAY_ANSWERS, RESPONSE_CODES } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { createConfig, lintFromString } from '@redocly/openapi-core';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const require = createRequire(import.meta.url);

let mock: MockServer;
let text: string;
beforeAll(async () => {
  mock = await startMockServer({ port: 0 });
  text = await (await fetch(`${mock.url}/openapi.json`)).text();
});
afterAll(() => mock.close());

/** Replaces the local address, which differs per run and breaks the rules for public documents. */
const published = () => text.replaceAll(mock.url, 'https://mock.identity-verify.dev');

describe('the OpenAPI document', () => {
  it('passes the recommended rules of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: published(), absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual(
      [],
    );
  });

  it('passes the OpenAPI rules of Spectral', async () => {
    const { Spectral, Document } = require('@stoplight/spectral-core') as typeof import('@stoplight/spectral-core');
    const { Json } = require('@stoplight/spectral-parsers') as typeof import('@stoplight/spectral-parsers');
    const { oas } = require('@stoplight/spectral-rulesets') as typeof import('@stoplight/spectral-rulesets');
    const spectral = new Spectral();
    spectral.setRuleset({ extends: [oas] } as never);
    const problems = await spectral.run(new Document(published(), Json, 'openapi.json'));
    expect(problems.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`)).toEqual([]);
  });

  it('names every code and every gateway row of the contract', () => {
    const document = JSON.parse(text) as {
      components: { schemas: { VerificationReply: { properties: { code: { examples: string[] } } } } };
      paths: Record<string, { post: { responses: Record<string, { description: string } | undefined> } }>;
    };
    expect(document.components.schemas.VerificationReply.properties.code.examples).toEqual(
      RESPONSE_CODES.map(({ code }) => code),
    );
    const { responses } = document.paths['/communication/personal/1979']?.post ?? { responses: {} };
    for (const { statuses, message, errorCodes } of GATEWAY_ANSWERS) {
      const label = message || errorCodes.join(', ');
      for (const status of statuses) expect(responses[String(status)]?.description).toContain(label);
    }
  });
});
