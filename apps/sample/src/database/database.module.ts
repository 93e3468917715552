import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createClient, type Client } from '@libsql/client';
import { SampleConfig } from '../config/sample.config.js';
import { SCHEMA } from './schema.js';

/** The injection token of the database client. */
export const DATABASE = Symbol('database');

/** The embedded database. It is opened and migrated before the first request and closed after the last one. */
@Global()
@Module({
  providers: [
    {
      provide: DATABASE,
      inject: [SampleConfig],
      useFactory: async (config: SampleConfig): Promise<Client> => {
        const client = createClient({ url: config.get('SAMPLE_DATABASE') });
        for (const statement of SCHEMA) await client.execute(statement);
        return client;
      },
    },
  ],
  exports: [DATABASE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly client: Client) {}

  onApplicationShutdown(): void {
    this.client.close();
  }
}
