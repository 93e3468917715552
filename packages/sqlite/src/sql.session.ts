import Libsql from 'libsql';

/** What a column holds. */
export type SqlValue = string | number | null;

type Statement = ReturnType<InstanceType<typeof Libsql>['prepare']>;

/** One connection, with each statement prepared once. */
export class SqlSession {
  readonly #database: InstanceType<typeof Libsql>;
  readonly #statements = new Map<string, Statement>();

  /** @param path absolute: libsql takes some other texts for the address of a server */
  constructor(path: string) {
    this.#database = new Libsql(path);
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** The first row. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only the caller knows the columns
  get<T>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.#prepared(sql).get(values) as T | undefined;
  }

  /** Every row. */
  all<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.#prepared(sql).all(values) as T[];
  }

  /** Answers how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#prepared(sql).run(values).changes;
  }

  /** Runs statements that are not prepared. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
