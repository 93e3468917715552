import { ENDPOINT, GATEWAY_HEADERS, GATEWAY_LIMITS, type TransportFaultName } from '@identity-verify/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceivedRequest } from '../auth/auth.types.js';
import type { PresentedCode } from '../auth/authenticator.js';
import { FAULT_PLAYS } from '../faults/fault.table.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import { drawLatencyMs } from '../namespace/latency.js';
import type { SeededRandom } from '../namespace/seeded-random.js';
import { findScenario, requireScenario } from '../scenario/scenario.catalogue.js';
import { httpStatusOf } from '../scenario/scenario.status.js';
import type { ConnectionTracker } from '../support/connection.tracker.js';
import type { SetTimer } from '../support/timer.js';
import type { TrapTokens } from './trap.js';
import { SharedAllowance } from '../support/shared.allowance.js';
import { readBody, type BodyLimits } from '../wire/body.reader.js';
import { whenOver } from '../wire/when-over.js';
import { decide, decideWithoutBody, type PipelineSettings } from './decide.js';
import type { Decision } from './decision.types.js';
import type { Journalist } from './journalist.js';
import { formOf, personOf } from './question.reader.js';
import { ReplyWriter, vendorBody, type ReplySettings } from './reply.writer.js';

/** The dependencies of the data route. */
export interface DataRouteDependencies {
  readonly pipeline: PipelineSettings;
  readonly replies: ReplySettings;
  readonly journalist: Journalist;
  readonly requestIds: SeededRandom;
  readonly connections: ConnectionTracker;
  readonly traps: TrapTokens;
  readonly setTimer: SetTimer;
  /** Counts requests that belong to no namespace. */
  readonly onUnattributed: () => void;
}

/** Maximum length of a form that is kept, in bytes. A question is shorter than 1 KiB. */
const MAX_FORM_BYTES = 64 * 1024;

/** Maximum memory for all forms being read, in bytes. */
const MAX_FORMS_BYTES = 16 * 1024 * 1024;

/** Stands for a body that was not kept. No form contains this byte. */
const NO_FORM = Buffer.from([0xff]);

const TOO_BUSY: Decision = {
  stage: 'refused',
  play: { scenario: requireScenario('gateway-backend-connect-failed'), httpStatus: 503 },
  refusal: { error: 'too_busy', message: 'Too many requests are being read at one time. Nothing was asked.' },
};

const match = requireScenario('match').effect;
const RESET_AT_CONNECT = requireScenario('fault-reset-at-connect');

/** Handles `POST /communication/personal/1979` and every path without another handler. */
export class DataRoute {
  readonly #with: DataRouteDependencies;
  readonly #writer: ReplyWriter;
  readonly #bodies: BodyLimits = {
    keepBytes: MAX_FORM_BYTES,
    limitBytes: GATEWAY_LIMITS.bodyBytes,
    allowance: new SharedAllowance(MAX_FORMS_BYTES),
  };

  constructor(dependencies: DataRouteDependencies) {
    this.#with = dependencies;
    this.#writer = new ReplyWriter(dependencies.replies);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    // Read once: with a list of AppCodes, each reading costs a hash and its comparisons.
    const presented = this.#with.pipeline.authenticator.presented(request.headers.authorization);
    if (presented && this.#resetsAtConnect(request, response, presented)) return;
    const decision = decideWithoutBody(request, presented);
    if (decision) {
      this.#play(request, response, decision);
      return;
    }
    readBody(request, this.#bodies, (read) => {
      if (response.destroyed) return;
      if (read.kind === 'whole') this.#answer(request, response, presented, read.body);
      else if (read.kind === 'dropped') this.#answer(request, response, presented, NO_FORM);
      else if (read.kind === 'too_long') this.#refuseTooLong(request, response);
      else this.#play(request, response, TOO_BUSY);
    });
  }

  /** Answers a request that followed the redirect of a fault: records it and replies with 404. */
  handleTrap(request: IncomingMessage, response: ServerResponse): void {
    const namespace = this.#with.traps.namespaceOf(request.url ?? '');
    const requestId = this.#with.requestIds.requestId();
    const answer = () => {
      response.writeHead(404, [GATEWAY_HEADERS.requestId, requestId, 'Content-Length', '0']);
      response.end();
    };
    if (!namespace) {
      answer();
      return;
    }
    readBody(request, this.#bodies, (read) => {
      const form = read.kind === 'whole' ? formOf(request.headers['content-type'], read.body) : undefined;
      this.#with.journalist.recordTrap(namespace, form?.size ? personOf(form) : undefined, requestId);
      answer();
    });
  }

  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    presented: PresentedCode | undefined,
    body: Buffer,
  ): void {
    const { headers, method = '', url = '' } = request;
    const received: ReceivedRequest = { method, url, headers, body, form: formOf(headers['content-type'], body) };
    const decision = decide(received, presented, this.#with.pipeline);
    this.#play(request, response, decision);
  }

  /** Records the call first, then waits for the latency, then replies. A call counts even if the client gives up. */
  #play(request: IncomingMessage, response: ServerResponse, decision: Decision): void {
    const { namespace, play } = decision;
    const { effect, billed } = play.scenario;
    const requestId = this.#with.requestIds.requestId();
    // A fault that may be billed has a reply of the vendor, and therefore a seqNo. Only the connection fails.
    const answered = effect.kind === 'reply' || (effect.kind === 'fault' && billed !== 'no');
    const seqNo = answered && namespace ? namespace.seqNos.next() : null;
    const latencyMs = play.latencyMs ?? (namespace ? drawLatencyMs(namespace.latency, namespace.random) : 0);
    const httpStatus = httpStatusOf(play.scenario, play.httpStatus);
    const code = effect.kind === 'reply' ? effect.code : null;

    if (namespace) this.#with.journalist.record(namespace, decision, { requestId, seqNo, httpStatus, code, latencyMs });
    else this.#with.onUnattributed();

    if (latencyMs === 0) {
      this.#reply(request, response, decision, requestId, seqNo ?? '', httpStatus);
      return;
    }
    const write = () => {
      if (!response.destroyed) this.#reply(request, response, decision, requestId, seqNo ?? '', httpStatus);
    };
    // The timer is cancelled when the client disconnects, because a delay can last minutes.
    whenOver(response, request.socket, this.#with.setTimer(write, latencyMs));
  }

  #reply(
    request: IncomingMessage,
    response: ServerResponse,
    decision: Decision,
    requestId: string,
    seqNo: string,
    httpStatus: number | null,
  ): void {
    const { effect } = decision.play.scenario;
    if (effect.kind === 'reply') {
      this.#writer.vendor(request, response, requestId, decision, effect, seqNo);
    } else if (effect.kind === 'gateway') {
      this.#writer.gateway(request, response, requestId, decision, effect.row, httpStatus ?? 400);
    } else {
      const name = effect.fault.name as TransportFaultName;
      this.#playFault(request, response, name, requestId, seqNo, decision.namespace);
    }
  }

  #playFault(
    request: IncomingMessage,
    response: ServerResponse,
    name: TransportFaultName,
    requestId: string,
    seqNo: string,
    namespace: NamespaceState | undefined,
  ): void {
    const { connections, traps, setTimer } = this.#with;
    const { socket } = request;
    FAULT_PLAYS[name].play({
      request,
      response,
      socket,
      match: match.kind === 'reply' ? vendorBody(match, seqNo) : '',
      requestId,
      setTimer,
      hold: () => connections.hold(socket),
      trapUrl: () => traps.urlFor(request, namespace),
    });
  }

  /**
   * Handles the only fault that occurs before the body is read. A queue or a header can select it at that point; a test
   * mobile selects it only after the body is read.
   */
  #resetsAtConnect(request: IncomingMessage, response: ServerResponse, presented: PresentedCode): boolean {
    if (request.url !== ENDPOINT.path) return false;
    const namespace = this.#with.pipeline.authenticator.namespaceOf(presented);
    if (!namespace) return false;
    const header = request.headers['x-mock-scenario'];
    const queued = namespace.queue.peek()?.scenario;
    const wanted = queued ?? (typeof header === 'string' ? findScenario(header) : undefined);
    if (wanted !== RESET_AT_CONNECT) return false;
    const stage = namespace.queue.take() ? 'queue' : 'header';
    this.#play(request, response, { stage, play: { scenario: RESET_AT_CONNECT }, namespace, channel: 'appcode' });
    return true;
  }

  /** Replies with HTTP 413. node:http reads and discards the rest, so that a reset does not destroy the reply. */
  #refuseTooLong(request: IncomingMessage, response: ServerResponse): void {
    const row = requireScenario('gateway-invalid-request-body');
    const decision: Decision = { stage: 'parse', play: { scenario: row, httpStatus: 413 } };
    this.#with.onUnattributed();
    if (row.effect.kind !== 'gateway') return;
    this.#writer.gateway(request, response, this.#with.requestIds.requestId(), decision, row.effect.row, 413);
  }
}
