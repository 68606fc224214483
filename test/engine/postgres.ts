import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { requireFromEmbeddedPostgres, startPostgres, type PostgresServer } from "./postgres-server.js";

/** The used part of the client `pg`, which has no types. */
interface Client {
  connect(): Promise<void>;
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}
const { Client: PgClient } = requireFromEmbeddedPostgres("pg") as {
  Client: new (options: { connectionString: string }) => Client;
};

type Access = Pick<Database, "url" | "password">;

/** A database for the state of stacks, created as documented: owned by a role. */
export interface Database {
  /** The value of PULUMI_BACKEND_URL, without the password, which Pulumi would print and store. */
  readonly url: string;
  /** The value of PGPASSWORD. */
  readonly password: string;
  /** Reads the data of Pulumi by key, such as `pulumi/.pulumi/stacks/…`. */
  readContents(): Promise<Map<string, string>>;
  /** Lists the keys of the current locks. */
  listLocks(): Promise<string[]>;
  /** Blocks all writes until the returned function is called. Reads continue. */
  blockWrites(): Promise<() => Promise<void>>;
  /** Waits until `count` writers are blocked. */
  waitForWriters(count: number): Promise<void>;
}

/**
 * Starts one PostgreSQL server for the tests of a file. Each test can create its own database.
 *
 * @param recipe - the statements that create the role `pulumi` with the password `…`, and its database
 */
export function usePostgres(recipe: string) {
  let server: PostgresServer | undefined;
  let databases = 0;
  const getServer = (): PostgresServer => {
    if (!server) throw new Error("PostgreSQL runs during tests only");
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  return {
    async createDatabase(): Promise<Database> {
      const { port, superuser } = getServer();
      const name = `pulumi_${++databases}`;
      const password = randomBytes(24).toString("base64url");
      const formatUrl = (user: string, database: string) =>
        `postgres://${user}@127.0.0.1:${port}/${database}?sslmode=disable`;
      const admin = { url: formatUrl(superuser.user, "postgres"), password: superuser.password };
      const statements = recipe
        .replace(/\bpulumi\b/g, name)
        .replace("…", password)
        .trim()
        .split(/(?<=;)\n/);
      // Each in a query of its own, because a database cannot be created in a transaction.
      for (const statement of statements) await query(admin, statement);
      return openDatabase({ url: formatUrl(name, name), password });
    },
    /** Lists all data that was written to the databases, in order, including overwritten data. */
    listWritten: () =>
      [
        ...getServer()
          .getLog()
          .matchAll(/\{"data":"([A-Za-z0-9+/=]*)"\}/g),
      ].map(([, data = ""]) => decode(data)),
  };
}

function openDatabase(access: Access): Database {
  const readContents = async (): Promise<Map<string, string>> => {
    const rows = await query(access, "SELECT key, data->>'data' AS data FROM pulumi_state ORDER BY key");
    return new Map(rows.map(({ key, data }) => [String(key), decode(String(data))]));
  };
  return {
    ...access,
    readContents,
    listLocks: async () =>
      [...(await readContents()).keys()].filter((key) => key.includes("/.pulumi/locks/")),
    async blockWrites() {
      const client = await connect(access);
      await client.query("BEGIN");
      await client.query("LOCK TABLE pulumi_state IN SHARE MODE");
      return () => client.end();
    },
    async waitForWriters(count) {
      const waiting = `SELECT FROM pg_locks WHERE relation = 'pulumi_state'::regclass AND NOT granted`;
      while ((await query(access, waiting)).length < count) await sleep(20);
    },
  };
}

async function connect({ url, password }: Access): Promise<Client> {
  const address = new URL(url);
  address.password = password;
  const client = new PgClient({ connectionString: address.href });
  await client.connect();
  return client;
}

async function query(access: Access, text: string): Promise<Record<string, unknown>[]> {
  const client = await connect(access);
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
