/* oxlint-disable import/no-named-as-default-member -- as people write it */
import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import type { Identity } from '@identity-verify/nestjs';

/** A first version as many are written: it compiles, works on the happy path, and costs money and trust. */
export class NaiveClient {
  readonly #http: AxiosInstance;

  constructor(appCode: string, config: CreateAxiosDefaults) {
    this.#http = axios.create({ timeout: 5_000, headers: { Authorization: `APPCODE ${appCode}` }, ...config });
  }

  async isSamePerson(identity: Identity, retries = 2): Promise<boolean> {
    try {
      const { data } = await this.#http.post<{ code: string }>(
        '/communication/personal/1979',
        new URLSearchParams({ name: identity.name, idcard: identity.idCard, mobile: identity.mobile }),
      );
      return data.code === '10000'; // the call succeeded; a mismatch is 10000 too
    } catch (error) {
      if (retries > 0 && axios.isAxiosError(error) && error.code === 'ECONNABORTED') {
        return this.isSamePerson(identity, retries - 1); // the first call may have been paid for
      }
      throw error;
    }
  }
}
