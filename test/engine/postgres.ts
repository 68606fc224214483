import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { ofEmbeddedPostgres, startPostgres, type PostgresServer } from "./postgres-server.js";

/** The part of the client `pg` that is used here; it comes without types. */
interface Client {
  connect(): Promise<void>;
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}
const { Client: PgClient } = ofEmbeddedPostgres("pg") as {
  Client: new (options: { connectionString: string }) => Client;
};

type Access = Pick<Database, "url" | "password">;

/** A database for the state of stacks, made as the README says: by a role that owns it. */
export interface Database {
  /** What PULUMI_BACKEND_URL is set to: without the password, which Pulumi would show and store with it. */
  readonly url: string;
  /** What PGPASSWORD is set to. */
  readonly password: string;
  /** What Pulumi keeps in it, by key: `pulumi/.pulumi/stacks/…` and so on, as text. */
  contents(): Promise<Map<string, string>>;
  /** The keys of the locks that are held. */
  locks(): Promise<string[]>;
  /** Holds back all who want to write, until the returned function is called. Reading goes on. */
  holdWrites(): Promise<() => Promise<void>>;
  /** Waits until so many are held back. */
  writersWait(count: number): Promise<void>;
}

/** One PostgreSQL server for the tests of a file, and a database of its own for each that asks for one. */
export function usePostgres() {
  let server: PostgresServer | undefined;
  let databases = 0;
  const running = (): PostgresServer => {
    if (!server) throw new Error("PostgreSQL runs during tests only");
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  return {
    async database(): Promise<Database> {
      const { port, superuser } = running();
      const name = `pulumi_${++databases}`;
      const password = randomBytes(24).toString("base64url");
      const urlOf = (user: string, database: string) =>
        `postgres://${user}@127.0.0.1:${port}/${database}?sslmode=disable`;
      const admin = { url: urlOf(superuser.user, "postgres"), password: superuser.password };
      await query(admin, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
      await query(admin, `CREATE DATABASE ${name} OWNER ${name}`);
      return databaseAt({ url: urlOf(name, name), password });
    },
    /** All that was ever written into any of the databases, in the order of writing, what was overwritten since included. */
    written: () =>
      [
        ...running()
          .log()
          .matchAll(/\{"data":"([A-Za-z0-9+/=]*)"\}/g),
      ].map(([, data = ""]) => decoded(data)),
  };
}

function databaseAt(access: Access): Database {
  const contents = async (): Promise<Map<string, string>> => {
    const rows = await query(access, "SELECT key, data->>'data' AS data FROM pulumi_state ORDER BY key");
    return new Map(rows.map(({ key, data }) => [String(key), decoded(String(data))]));
  };
  return {
    ...access,
    contents,
    locks: async () => [...(await contents()).keys()].filter((key) => key.includes("/.pulumi/locks/")),
    async holdWrites() {
      const client = await connected(access);
      await client.query("BEGIN");
      await client.query("LOCK TABLE pulumi_state IN SHARE MODE");
      return () => client.end();
    },
    async writersWait(count) {
      const waiting = `SELECT FROM pg_locks WHERE relation = 'pulumi_state'::regclass AND NOT granted`;
      while ((await query(access, waiting)).length < count) await sleep(20);
    },
  };
}

async function connected({ url, password }: Access): Promise<Client> {
  const address = new URL(url);
  address.password = password;
  const client = new PgClient({ connectionString: address.href });
  await client.connect();
  return client;
}

async function query(access: Access, text: string): Promise<Record<string, unknown>[]> {
  const client = await connected(access);
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
