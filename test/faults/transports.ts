import { HttpServiceTransport, UndiciTransport, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import { HttpService } from '@nestjs/axios';
import axios, { type AxiosInstance } from 'axios';
import { openClient as openPlainClient, type Client } from '../support/client.js';

type Options = ConstructorParameters<typeof UndiciTransport>[0];
type Transport = HttpServiceTransport | UndiciTransport;

/** Every transport of the package, by name. */
export const TRANSPORTS: readonly (readonly [string, (options?: Options) => Transport])[] = [
  ['HttpServiceTransport', (options) => overAxios(axios.create(), options)],
  ['UndiciTransport', (options) => new UndiciTransport(options)],
];

/** The default transport as an application has it that sets interceptors: then axios is given more to do. */
export const INTERCEPTED: (typeof TRANSPORTS)[number] = [
  'HttpServiceTransport with interceptors',
  (options) => {
    const instance = axios.create();
    instance.interceptors.request.use((config) => config);
    instance.interceptors.response.use((reply) => reply);
    return overAxios(instance, options);
  },
];

/** The default transport, on an axios instance of the test. */
export function overAxios(instance: AxiosInstance, options?: Options): HttpServiceTransport {
  return new HttpServiceTransport(new HttpService(instance), options);
}

/** Opens a client on a new transport, unless it is given one, and closes both. */
export async function openClientOn(open: () => Transport, options: IdentityVerifyOptions): Promise<Client> {
  const transport = open();
  const client = await openPlainClient({ transport, ...options });
  return {
    service: client.service,
    close: async () => {
      await client.close();
      transport.close();
    },
  };
}
