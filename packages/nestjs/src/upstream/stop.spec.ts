import { describe, expect, it } from '@jest/globals';
import { Stop } from './stop.js';

describe('Stop', () => {
  it('calls each listener once, in order, and keeps its first reason', () => {
    const stop = new Stop();
    const heard: string[] = [];
    stop.onStop(() => heard.push(`first ${stop.reason}`));
    stop.onStop(() => heard.push('second'));
    expect([stop.isStopped, stop.reason]).toEqual([false, undefined]);
    stop.stop('deadline');
    stop.stop('closing');
    expect(heard).toEqual(['first deadline', 'second']);
    expect([stop.isStopped, stop.reason]).toEqual([true, 'deadline']);
  });

  it('calls no listener that was removed, or that comes too late', () => {
    const stop = new Stop();
    const heard: string[] = [];
    const removed = () => heard.push('removed');
    stop.onStop(removed);
    stop.offStop(removed);
    stop.offStop(() => undefined);
    stop.stop('abandoned');
    stop.onStop(() => heard.push('late'));
    expect(heard).toEqual([]);
  });

  it('allows a listener to remove itself and others while it is called', () => {
    const stop = new Stop();
    const heard: string[] = [];
    const both = ['a', 'b'].map((name) => () => {
      heard.push(name);
      for (const listener of both) stop.offStop(listener);
    });
    for (const listener of both) stop.onStop(listener);
    stop.stop('closing');
    expect(heard).toEqual(['a', 'b']);
  });
});
