import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Settings } from './settings.table.js';

/** The typed settings: `config.get('SAMPLE_PORT')` returns a number. */
@Injectable()
export class SampleConfig {
  constructor(private readonly config: ConfigService<Settings, true>) {}

  get<K extends keyof Settings>(name: K): Settings[K] {
    return this.config.get(name, { infer: true }) as Settings[K];
  }
}
