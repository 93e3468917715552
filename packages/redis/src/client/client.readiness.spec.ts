import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { untilReady } from './client.readiness.js';

const clientOf = (state: object) => Object.assign(new EventEmitter(), state);
const NEVER_MS = 2_147_483_647;

describe('untilReady', () => {
  it.each([
    ['ioredis that connects', { status: 'connecting' }],
    ['ioredis that connects again', { status: 'reconnecting' }],
    ['node-redis', { isOpen: true, isReady: false }],
  ])('waits for a client of %s, and leaves no listener', async (_title, state) => {
    const client = clientOf(state);
    const ready = untilReady(client, NEVER_MS);
    expect(client.listenerCount('ready')).toBe(1);
    client.emit('ready');
    await ready;
    expect(client.listenerCount('ready')).toBe(0);
  });

  it('gives up after its time', async () => {
    const client = clientOf({ status: 'connecting' });
    await untilReady(client, 1);
    expect(client.listenerCount('ready')).toBe(0);
  });

  it.each([
    ['is connected', { status: 'ready' }],
    ['is connected, of node-redis', { isOpen: true, isReady: true }],
    ['was not told to connect', { status: 'wait' }],
    ['was not told to connect, of node-redis', { isOpen: false, isReady: false }],
    ['is a cluster of node-redis', { isOpen: true }],
    ['has no events', { status: 'connecting', once: undefined }],
  ])('does not wait for a client that %s', async (_title, state) => {
    await untilReady(clientOf(state), NEVER_MS);
  });
});
