import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Makes every reply of a shutdown the last one of its connection. The server closes idle connections alone, so a page
 * that polls would keep one open, and the process alive, for ever.
 */
@Injectable()
export class LastReplies implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #underWay = new Set<ServerResponse>();
  #closing = false;

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      this.#underWay.add(response);
      response.once('close', () => this.#underWay.delete(response));
      if (this.#closing) makeLast(response);
    });
  }

  onModuleDestroy(): void {
    this.#closing = true;
    for (const response of this.#underWay) makeLast(response);
  }
}

function makeLast(response: ServerResponse): void {
  // A reply that has begun promises to keep its connection, which ends with it all the same.
  if (response.headersSent) response.once('finish', () => response.socket?.end());
  else response.setHeader('Connection', 'close');
}
