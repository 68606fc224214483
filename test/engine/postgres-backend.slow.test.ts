import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { usePostgres } from "./postgres.js";
import { killAll, findProcessTree, findProvider, sendSignal, waitUntil, waitUntilIdle } from "./processes.js";
import { createRunner, SHARED, createTwoRunners } from "./runners.js";
import { expectSettled, listWrites } from "./expect-settled.js";
import { useEngine, type Stack } from "./stack.js";

// The quick start with its state in PostgreSQL, as in docs/guides/state-backends.md, and two runners of one stack.
const engine = useEngine();
const postgres = usePostgres();

const LOCKED = /the stack is currently locked by 1 lock\(s\)\..*`pulumi cancel`/;
/** If the other runner releases its lock between two reads, the backend reports an SQL error. */
const LOCKED_OR_JUST_UNLOCKED = /the stack is currently locked by|sql: no rows in result set/;

const startUp = (stack: Stack) => stack.start("up", "--yes", "--skip-preview");
const listCreates = () => engine.sandbox.requests.filter(({ route }) => route === "createConnection");
/** Delays the creates of a run. */
const delayCreates = (moment: "before" | "after") =>
  engine.sandbox.fail({
    on: { route: "createConnection" },
    times: Infinity,
    moment,
    what: { kind: "delay", ms: 3000 },
  });

describe("the quick start with its state in PostgreSQL", () => {
  it("supports up, an up without requests of resources, refresh and destroy", async () => {
    const database = await postgres.createDatabase();
    const stack = createRunner(engine, database);
    const up = await stack.expectUp();
    expect([engine.listLive(), listWrites(up)]).toEqual([SHARED, ["POST", "POST"]]);
    const state = [...(await database.readContents())].find(([key]) =>
      /stacks\/quick-start\/dev\.json$/.test(key),
    );
    for (const { id } of engine.sandbox.listConnections()) expect(state?.[1]).toContain(id);
    expect((await stack.expectUp("--expect-no-changes")).requests).toEqual(["GET /api/v2/org"]);
    const refresh = await stack.refresh("--expect-no-changes");
    expect([refresh.code, listWrites(refresh)], refresh.output).toEqual([0, []]);
    await expectSettled(engine, stack);
    const destroy = await stack.destroy();
    expect([destroy.code, engine.listLive(), await stack.loadState()], destroy.output).toEqual([0, [], []]);
    expect(await database.listLocks()).toEqual([]);
    // The folder that Pulumi would use without the address is empty.
    expect(readdirSync(path.join(stack.folder, "backend"))).toEqual([]);
  });

  it("leaves no key and no password in the database, even in overwritten data", async () => {
    const database = await postgres.createDatabase();
    const stack = createRunner(engine, database);
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    await stack.expectUp();
    stack.env = { ...stack.env, DD_API_KEY: "", DD_APP_KEY: "", DD_HOST: "" };
    await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    await stack.setConfig("--secret", "datadog-org-connections:apiKey", apiKey);
    await stack.setConfig("--secret", "datadog-org-connections:appKey", appKey);
    await stack.expectUp();
    expect((await stack.destroy()).code).toBe(0);

    const contents = [...(await database.readContents()).values()];
    const written = postgres.listWritten();
    const secrets = [apiKey, appKey, database.password].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
    ]);
    for (const stored of [contents, written]) {
      expect(stored.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
      // The search covers the data: the configuration with the encrypted keys is in the history.
      expect(stored.some((text) => text.includes("Acme Observability"))).toBe(true);
      expect(stored.some((text) => text.includes("datadog-org-connections:appKey"))).toBe(true);
    }
  });
});

describe("two runners of one stack", () => {
  it("concurrently: the later one fails because of the lock and writes nothing; afterward it has no changes", async () => {
    const database = await postgres.createDatabase();
    const [first, second] = await createTwoRunners(engine, database);
    delayCreates("before");
    const up = await startUp(first);
    await waitUntil("the creates of the first are outstanding", () => listCreates().length === 2);
    // The first cannot complete before the second.
    const release = await database.blockWrites();
    const [locks, written] = [await database.listLocks(), postgres.listWritten().length];
    const refused = await second.up();
    expect(refused.output).toMatch(LOCKED);
    expect([refused.code === 0, refused.steps, refused.requests]).toEqual([false, [], []]);
    expect([await database.listLocks(), locks.length, postgres.listWritten().length]).toEqual([
      locks,
      1,
      written,
    ]);
    await release();
    expect((await up.done).code).toBe(0);
    engine.sandbox.clearFaults();

    const again = await second.expectUp("--expect-no-changes");
    expect(again.requests).toEqual(["GET /api/v2/org"]);
    expect([engine.listLive(), listCreates().length]).toEqual([SHARED, 2]);
    await expectSettled(engine, second);
  });

  it("at the same moment: at most one gets the lock, and an up afterward succeeds", async () => {
    const database = await postgres.createDatabase();
    const runners = await createTwoRunners(engine, database);
    delayCreates("before");
    // Both have found no lock, and are about to write theirs.
    const release = await database.blockWrites();
    const ups = [await startUp(runners[0]), await startUp(runners[1])];
    await database.waitForWriters(2);
    await release();
    const results = await Promise.all(ups.map(({ done }) => done));
    engine.sandbox.clearFaults();
    // Each writes its lock, then lists the locks: one finds the other's and stops, or both do.
    const refused = results.filter(({ code }) => code !== 0);
    expect(refused.length, results.map(({ output }) => output).join("\n")).toBeGreaterThan(0);
    for (const { output } of refused) expect(output).toMatch(LOCKED_OR_JUST_UNLOCKED);
    expect(await database.listLocks()).toEqual([]);
    expect(listCreates()).toHaveLength(refused.length === 2 ? 0 : 2);

    const loser = runners[results[0]?.code === 0 ? 1 : 0];
    await loser.expectUp();
    expect([engine.listLive(), listCreates().length]).toEqual([SHARED, 2]);
    await expectSettled(engine, loser);
  });

  it("one killed during its up: the other fails because of the lock, and recovers as documented", async () => {
    const database = await postgres.createDatabase();
    const [killed, other] = await createTwoRunners(engine, database);
    // Both connections were created, but the killed engine has no response for them.
    delayCreates("after");
    const up = await startUp(killed);
    await waitUntil("both are live", () => engine.listLive().length === 2);
    const cli = up.process.pid ?? 0;
    const family = findProcessTree(cli);
    const provider = findProvider(cli)?.pid ?? 0;
    try {
      sendSignal(cli, "SIGKILL");
      await up.done;
      await waitUntilIdle(provider);
    } finally {
      killAll(family);
    }
    engine.sandbox.clearFaults();
    const live = engine.sandbox.listConnections();

    const refused = await other.up();
    expect(refused.output).toMatch(LOCKED);
    expect([refused.code === 0, refused.requests]).toEqual([false, []]);
    const cancel = await other.runPulumi(["cancel", "--yes", "--stack=dev"]);
    expect([cancel.code, await database.listLocks()], cancel.output).toEqual([0, []]);
    const exists = await other.up("--refresh");
    // The engine stops at the first one that already exists.
    expect(live.filter(({ id }) => exists.errors.join().includes(id))).not.toEqual([]);
    expect(exists.errors.join()).toContain("DATADOG_ORG_CONNECTIONS_ADOPT=true");
    const { env } = other;
    other.env = { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    await other.expectUp("--refresh");
    other.env = env;

    expect(engine.sandbox.listConnections()).toEqual(live);
    await expectSettled(engine, other);
    // Nothing is orphaned: destroy deletes what the killed one created.
    expect((await other.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});
