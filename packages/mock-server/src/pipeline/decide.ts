import { ENDPOINT, type GatewayRowId } from '@identity-verify/contract';
import type { IncomingMessage } from 'node:http';
import type { ReceivedRequest } from '../auth/auth.types.js';
import type { Authenticator, PresentedCode } from '../auth/authenticator.js';
import { requireScenario } from '../scenario/scenario.catalogue.js';
import { selectScenario, type SelectorSettings } from './scenario.selector.js';
import { isCrossSite } from '../wire/cross-site.js';
import type { Decision } from './decision.types.js';
import { readQuestion } from './question.reader.js';

/** The dependencies of the pipeline. */
export interface PipelineSettings extends SelectorSettings {
  readonly authenticator: Authenticator;
  /** Price of a call, in fen. */
  readonly fenPerCall: number;
}

const gatewayPlay = (rowId: GatewayRowId) => ({ scenario: requireScenario(`gateway-${rowId}`) });

/**
 * Decides about a request in the order route, authentication, quota, throttle, parsing, scenario. Each stage decides or
 * passes the request on. The function is synchronous, so two calls cannot both use the last call of a quota.
 */
export function decide(
  request: ReceivedRequest,
  presented: PresentedCode | undefined,
  settings: PipelineSettings,
): Decision {
  const wrongRoute = refusedRoute(request.method, request.url, request.headers['host']);
  if (wrongRoute) return { stage: 'route', play: gatewayPlay(wrongRoute) };

  const caller = settings.authenticator.authenticate(request, presented);
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
    // Kept in memory only and never logged.
    const tooOften = namespace.throttle.questionRefusal(`${person.name}\0${person.idCard}\0${person.mobile}`, now);
    if (tooOften) return { stage: 'throttle', play: { scenario: requireScenario(tooOften) }, person, ...known };
  }

  const header = request.headers['x-mock-scenario'];
  const wish = typeof header === 'string' ? header : undefined;
  const { stage, rule, play, refusal } = selectScenario(namespace, person, wish, settings);
  // Written out, because nearly every call comes here, and object spread is several times as slow.
  return { stage, rule, play, refusal, namespace, channel, person };
}

/**
 * Decides what is possible without the body, so that a refused request uses no memory for it.
 *
 * @returns undefined if the decision needs the body
 */
export function decideWithoutBody(
  request: IncomingMessage,
  presented: PresentedCode | undefined,
): Decision | undefined {
  const { method = '', url = '', headers } = request;
  const wrongRoute = refusedRoute(method, url, headers.host);
  if (wrongRoute) return { stage: 'route', play: gatewayPlay(wrongRoute) };
  if (presented && !presented.isAdmitted) {
    return { stage: 'authentication', play: gatewayPlay('invalid-appcode') };
  }
  // The `key` of the direct channel is the only credential that a web page could send without a CORS preflight.
  const named = headers.authorization ?? headers['x-ca-key'] ?? headers['x-ca-signature'];
  if (named === undefined && isCrossSite(headers)) {
    return { stage: 'authentication', play: gatewayPlay('empty-signature') };
  }
  return undefined;
}

/** The gateway row for a request that matches no API. */
function refusedRoute(method: string, url: string, host: unknown): GatewayRowId | undefined {
  if (!url.startsWith('/')) return 'invalid-url';
  if (host === undefined) return 'invalid-domain';
  const isPath = url === ENDPOINT.path || url.startsWith(`${ENDPOINT.path}?`);
  return isPath && method === ENDPOINT.method ? undefined : 'api-not-found';
}
