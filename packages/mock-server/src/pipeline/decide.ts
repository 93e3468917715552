import { ENDPOINT, type GatewayRowId } from '@identity-verify/contract';
import type { IncomingMessage } from 'node:http';
import type { ReceivedRequest } from '../auth/auth.types.js';
import type { Authenticator } from '../auth/authenticator.js';
import { requireScenario } from '../scenario/scenario.catalogue.js';
import { selectScenario, type SelectorSettings } from './scenario.selector.js';
import { isCrossSite } from '../wire/cross-site.js';
import type { Decision } from './decision.types.js';
import { readQuestion } from './question.reader.js';

/** What the pipeline needs to know. */
export interface PipelineSettings extends SelectorSettings {
  readonly authenticator: Authenticator;
  /** What one call costs, in fen. */
  readonly fenPerCall: number;
}

const gatewayPlay = (rowId: GatewayRowId) => ({ scenario: requireScenario(`gateway-${rowId}`) });

/**
 * The way of a request: route → authentication → quota → throttle → parse → scenario. Each station either decides or
 * lets pass. Nothing waits in here, so that two calls cannot both take the last one of a quota.
 */
export function decide(request: ReceivedRequest, settings: PipelineSettings): Decision {
  const wrongRoute = refusedRoute(request);
  if (wrongRoute) return { stage: 'route', play: gatewayPlay(wrongRoute) };

  const caller = settings.authenticator.authenticate(request);
  if (!caller.ok) {
    return {
      stage: 'authentication',
      play: gatewayPlay(caller.rowId),
      ...(caller.message !== undefined && { gatewayMessage: caller.message }),
      ...(caller.namespace && { namespace: caller.namespace, channel: 'signature' as const }),
    };
  }

  const { namespace, channel } = caller;
  const known = { namespace, channel };
  const now = namespace.clock.now();

  const overQuota = namespace.quota.refusal(settings.fenPerCall, now);
  if (overQuota !== undefined) return { stage: 'quota', play: { scenario: requireScenario(overQuota) }, ...known };

  const tooFast = namespace.throttle.refusal(now);
  if (tooFast) {
    const play = { scenario: requireScenario(tooFast.scenario), httpStatus: tooFast.httpStatus };
    return { stage: 'throttle', play, ...known };
  }

  const question = readQuestion(request);
  if (!question.ok) {
    const person = question.person ? { person: question.person } : {};
    return { stage: 'parse', play: { scenario: requireScenario(question.scenario) }, ...person, ...known };
  }

  const { person } = question;
  if (namespace.throttle.countsQuestions) {
    // In memory only and never shown, like the request itself.
    const tooOften = namespace.throttle.questionRefusal(`${person.name}\0${person.idCard}\0${person.mobile}`, now);
    if (tooOften) return { stage: 'throttle', play: { scenario: requireScenario(tooOften) }, person, ...known };
  }

  const header = request.headers['x-mock-scenario'];
  const wish = typeof header === 'string' ? header : undefined;
  return { ...selectScenario(namespace, person, wish, settings), person, ...known };
}

/**
 * What can be decided before the body is read: a request that is refused whatever it says is not worth the memory.
 * @returns undefined when the body matters
 */
export function decideWithoutBody(request: IncomingMessage, settings: PipelineSettings): Decision | undefined {
  const { method = '', url = '', headers } = request;
  const wrongRoute = refusedRoute({ method, url, headers });
  if (wrongRoute) return { stage: 'route', play: gatewayPlay(wrongRoute) };
  if (settings.authenticator.refusesAppCode(headers.authorization)) {
    return { stage: 'authentication', play: gatewayPlay('invalid-appcode') };
  }
  // The `key` of the direct channel is all that a web page could send without asking first (CORS).
  const named = headers.authorization ?? headers['x-ca-key'] ?? headers['x-ca-signature'];
  if (named === undefined && isCrossSite(headers)) {
    return { stage: 'authentication', play: gatewayPlay('empty-signature') };
  }
  return undefined;
}

/** The row for a request that no API of the gateway is there for. */
function refusedRoute({
  method,
  url,
  headers,
}: Pick<ReceivedRequest, 'method' | 'url' | 'headers'>): GatewayRowId | undefined {
  if (!url.startsWith('/')) return 'invalid-url';
  if (headers['host'] === undefined) return 'invalid-domain';
  const [path] = url.split('?', 1);
  return path === ENDPOINT.path && method === ENDPOINT.method ? undefined : 'api-not-found';
}
