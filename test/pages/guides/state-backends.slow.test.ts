/** Runs the recipe of docs/guides/state-backends.md with the quick start, and two runners of one stack. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { expectSettled, listWrites } from "../../engine/expect-settled.js";
import { runShell } from "../../engine/guide.js";
import { usePostgres } from "../../engine/postgres.js";
import {
  killAll,
  findProcessTree,
  findProvider,
  sendSignal,
  waitUntil,
  waitUntilIdle,
} from "../../engine/processes.js";
import { createRunner, SHARED, createTwoRunners } from "../../engine/runners.js";
import { useEngine, type Stack } from "../../engine/stack.js";
import { splitCommands } from "../commands.js";
import { usePage } from "../page.js";

const { takeBlock, takeBlocks } = usePage("docs/guides/state-backends.md");
const engine = useEngine();
const postgres = usePostgres(takeBlock("PostgreSQL", "sql"));
const [deploy = "", recover = "", ...otherBlocks] = takeBlocks("PostgreSQL", "sh");

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

/** Replaces a part of the recipe that depends on the user. */
function replacePart(recipe: string, part: string, value: string): string {
  expect(recipe.split(part), part).toHaveLength(2);
  return recipe.replace(part, () => value);
}

describe("the quick start with its state in PostgreSQL", () => {
  it("is deployed by the commands of the page", async () => {
    expect(otherBlocks).toEqual([]);
    const database = await postgres.createDatabase();
    const stack = createRunner(engine, database);
    // The commands set the address and the password.
    delete stack.env["PULUMI_BACKEND_URL"];
    delete stack.env["PGPASSWORD"];
    stack.env["PULUMI_SKIP_CONFIRMATIONS"] = "true";
    const url = "postgres://pulumi@db.example.com:5432/pulumi?sslmode=verify-full";
    let commands = replacePart(deploy, url, database.url);
    commands = replacePart(commands, "PGPASSWORD=…", `PGPASSWORD='${database.password}'`);
    commands = replacePart(commands, "PASSPHRASE=…", "PASSPHRASE=any");
    const { code, output } = await runShell(stack, `set -e\n${commands}`);
    expect([code, engine.listLive()], output).toEqual([0, SHARED]);
    expect([...(await database.readContents()).keys()].join("\n")).toMatch(/stacks\/quick-start\/dev\.json/);
  });

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
    other.env = { ...other.env, PULUMI_SKIP_CONFIRMATIONS: "true" };
    const [cancel = "", refresh = "", adopt = "", ...commands] = splitCommands(recover);
    expect(commands).toEqual([]);
    const canceled = await runShell(other, cancel);
    expect([canceled.code, await database.listLocks()], canceled.output).toEqual([0, []]);
    const exists = await runShell(other, refresh);
    expect(exists.code, exists.output).not.toBe(0);
    // The engine stops at the first one that already exists.
    expect(live.filter(({ id }) => exists.output.includes(id))).not.toEqual([]);
    expect(exists.output).toContain("DATADOG_ORG_CONNECTIONS_ADOPT=true");
    const adopted = await runShell(other, adopt);
    expect(adopted.output).not.toContain("error:");
    expect(adopted.code, adopted.output).toBe(0);

    expect(engine.sandbox.listConnections()).toEqual(live);
    await expectSettled(engine, other);
    // Nothing is orphaned: destroy deletes what the killed one created.
    expect((await other.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});
