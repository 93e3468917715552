import { ENDPOINT, GATEWAY_HEADERS, GATEWAY_LIMITS, type TransportFaultName } from '@identity-verify/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceivedRequest } from '../auth/auth.types.js';
import { FAULT_PLAYS } from '../faults/fault.table.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import { drawLatencyMs } from '../namespace/latency.js';
import type { SeededRandom } from '../namespace/seeded-random.js';
import { findScenario, requireScenario } from '../scenario/scenario.catalogue.js';
import { httpStatusOf } from '../scenario/scenario.status.js';
import type { ConnectionTracker } from '../server/connection.tracker.js';
import type { SetTimer } from '../server/timer.js';
import type { TrapTokens } from '../server/trap.js';
import { readBody } from '../wire/body.reader.js';
import { decide, type PipelineSettings } from './decide.js';
import type { Decision } from './decision.types.js';
import type { Journalist } from './journalist.js';
import { formOf } from './question.reader.js';
import { commonHeaders, vendorBody, writeGatewayReply, writeVendorReply, type ReplySettings } from './reply.writer.js';

/** What the data route works with. */
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

const match = requireScenario('match').effect;
const RESET_AT_CONNECT = requireScenario('fault-reset-at-connect');

/** The one hot route: `POST /communication/personal/1979`, and every path that nothing else is behind. */
export class DataRoute {
  readonly #with: DataRouteDependencies;

  constructor(dependencies: DataRouteDependencies) {
    this.#with = dependencies;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#resetsAtConnect(request, response)) return;
    readBody(request, GATEWAY_LIMITS.bodyBytes, (body) => {
      if (response.destroyed) return;
      if (body) this.#answer(request, response, body);
      else this.#refuseTooLong(response);
    });
  }

  /** What follows a redirect that a fault has sent: it is recorded, and there is nothing here. */
  handleTrap(request: IncomingMessage, response: ServerResponse): void {
    readBody(request, GATEWAY_LIMITS.bodyBytes, (body = Buffer.alloc(0)) => {
      const form = formOf(request.headers['content-type'], body);
      const person = form?.size
        ? { name: form.get('name') ?? '', idCard: form.get('idcard') ?? '', mobile: form.get('mobile') ?? '' }
        : undefined;
      const requestId = this.#with.requestIds.requestId();
      const namespace = this.#with.traps.namespaceOf(request.url ?? '');
      if (namespace) this.#with.journalist.recordTrap(namespace, person, requestId);
      response.writeHead(404, [GATEWAY_HEADERS.requestId, requestId, 'Content-Length', '0']);
      response.end();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { headers, method = '', url = '' } = request;
    const received: ReceivedRequest = { method, url, headers, body, form: formOf(headers['content-type'], body) };
    const decision = decide(received, this.#with.pipeline);
    this.#play(request, response, decision);
  }

  /** Journal first, then latency, then the reply or the fault: what a client gave up on was asked all the same. */
  #play(request: IncomingMessage, response: ServerResponse, decision: Decision): void {
    const { namespace, play } = decision;
    const { effect, billed } = play.scenario;
    const requestId = this.#with.requestIds.requestId();
    // In a fault the vendor has answered, if it may have charged: only the wire breaks.
    const answered = effect.kind === 'reply' || (effect.kind === 'fault' && billed !== 'no');
    const seqNo = answered && namespace ? namespace.seqNos.next() : null;
    const latencyMs = play.latencyMs ?? (namespace ? drawLatencyMs(namespace.latency, namespace.random) : 0);
    const httpStatus = httpStatusOf(play.scenario, play.httpStatus);
    const code = effect.kind === 'reply' ? effect.code : null;

    if (namespace) this.#with.journalist.record(namespace, decision, { requestId, seqNo, httpStatus, code, latencyMs });
    else this.#with.onUnattributed();

    const write = () => {
      if (response.destroyed) return;
      const headers = commonHeaders(response, requestId, decision, this.#with.replies);
      if (effect.kind === 'reply') {
        writeVendorReply(response, vendorBody(effect, seqNo ?? ''), headers, this.#with.replies);
      } else if (effect.kind === 'gateway') {
        writeGatewayReply(response, effect.row, httpStatus ?? 400, decision, headers, this.#with.replies);
      } else {
        this.#playFault(request, response, effect.fault.name as TransportFaultName, requestId, seqNo ?? '', namespace);
      }
    };
    if (latencyMs > 0) this.#with.setTimer(write, latencyMs);
    else write();
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
   * The one fault that strikes before the question was read. Only a queue or a header can ask for it in time; by its
   * mobile it strikes as soon as the mobile is known.
   */
  #resetsAtConnect(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.url !== ENDPOINT.path) return false;
    const namespace = this.#with.pipeline.authenticator.byAppCode(request.headers.authorization);
    if (!namespace) return false;
    const header = request.headers['x-mock-scenario'];
    const queued = namespace.queue.peek()?.scenario;
    const wanted = queued ?? (typeof header === 'string' ? findScenario(header) : undefined);
    if (wanted !== RESET_AT_CONNECT) return false;
    const stage = namespace.queue.take() ? 'queue' : 'header';
    this.#play(request, response, { stage, play: { scenario: RESET_AT_CONNECT }, namespace, channel: 'appcode' });
    return true;
  }

  /** HTTP 413, and no more requests on this connection: what follows may still be the rest of this one. */
  #refuseTooLong(response: ServerResponse): void {
    const row = requireScenario('gateway-invalid-request-body');
    response.shouldKeepAlive = false;
    const decision: Decision = { stage: 'parse', play: { scenario: row, httpStatus: 413 } };
    this.#with.onUnattributed();
    if (row.effect.kind !== 'gateway') return;
    const headers = commonHeaders(response, this.#with.requestIds.requestId(), decision, this.#with.replies);
    writeGatewayReply(response, row.effect.row, 413, decision, headers, this.#with.replies);
  }
}
