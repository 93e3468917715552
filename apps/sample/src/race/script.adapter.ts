import { AxiosError, getAdapter, type AxiosAdapter } from 'axios';
import type { ScriptClock } from './script.clock.js';

/** An axios adapter that sends with axios' own, and whose `timeout` is in milliseconds of the script. */
export function scriptAdapter(clock: ScriptClock): AxiosAdapter {
  const send = getAdapter('http');
  return async (config) => {
    const patience = new AbortController();
    const cancel = clock.schedule(() => patience.abort(), config.timeout ?? Infinity);
    try {
      return await send({ ...config, timeout: 0, signal: patience.signal });
    } catch (error) {
      if (!patience.signal.aborted) throw error;
      throw new AxiosError(`timeout of ${config.timeout}ms exceeded`, AxiosError.ECONNABORTED, config);
    } finally {
      cancel();
    }
  };
}
