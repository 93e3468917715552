import { Inject, Injectable } from '@nestjs/common';
import type { Verification } from '@identity-verify/nestjs';
import type { Client } from '@libsql/client';
import { DATABASE } from '../database/database.module.js';

/** The opened accounts: keyed id of the person, verification and time. */
@Injectable()
export class EnrolmentStore {
  constructor(@Inject(DATABASE) private readonly database: Client) {}

  /** Adds an account. @returns false if the person already has one */
  async add(subjectId: string, { outcome, seqNo, answeredAt }: Verification): Promise<boolean> {
    const { rowsAffected } = await this.database.execute({
      sql: 'INSERT INTO enrolments (subject_id, outcome, seq_no, verified_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      args: [subjectId, outcome, seqNo ?? null, answeredAt.toISOString()],
    });
    return rowsAffected > 0;
  }
}
