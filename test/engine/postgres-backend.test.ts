import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { usePostgres } from "./postgres.js";
import { endAll, familyOf, providerOf, signal, until, untilIdle } from "./processes.js";
import { runner, SHARED, twoRunners } from "./runners.js";
import { expectSettled, writesOf } from "./settled.js";
import { useEngine, type Stack } from "./stack.js";

// The quick start with its state in PostgreSQL, as the README tells how to keep it there, and two runners of one stack.
const engine = useEngine();
const postgres = usePostgres();

const LOCKED = /the stack is currently locked by 1 lock\(s\)\..*`pulumi cancel`/;
/** Where the other gives its lock up between two looks at it, the backend says so in its own words. */
const LOCKED_OR_JUST_UNLOCKED = /the stack is currently locked by|sql: no rows in result set/;

const begin = (stack: Stack) => stack.begin("up", "--yes", "--skip-preview");
const creates = () => engine.sandbox.requests.filter(({ route }) => route === "createConnection");
/** Keeps the creates of a run under way for a while. */
const slowCreates = (moment: "before" | "after") =>
  engine.sandbox.fail({
    on: { route: "createConnection" },
    times: Infinity,
    moment,
    what: { kind: "delay", ms: 3000 },
  });

describe("the quick start with its state in PostgreSQL", () => {
  it("goes through up, an up without a request by a resource, refresh and destroy", async () => {
    const database = await postgres.database();
    const stack = runner(engine, database);
    const up = await stack.mustUp();
    expect([engine.live(), writesOf(up)]).toEqual([SHARED, ["POST", "POST"]]);
    const state = [...(await database.contents())].find(([key]) =>
      /stacks\/quick-start\/dev\.json$/.test(key),
    );
    for (const { id } of engine.sandbox.connections()) expect(state?.[1]).toContain(id);
    expect((await stack.mustUp("--expect-no-changes")).requests).toEqual(["GET /api/v2/org"]);
    const refresh = await stack.refresh("--expect-no-changes");
    expect([refresh.code, writesOf(refresh)], refresh.output).toEqual([0, []]);
    await expectSettled(engine, stack);
    const destroy = await stack.destroy();
    expect([destroy.code, engine.live(), await stack.state()], destroy.output).toEqual([0, [], []]);
    expect(await database.locks()).toEqual([]);
    // Nothing went to the folder that Pulumi would use without the address.
    expect(readdirSync(path.join(stack.folder, "backend"))).toEqual([]);
  });

  it("leaves no key and no password in the database, whatever was written and overwritten", async () => {
    const database = await postgres.database();
    const stack = runner(engine, database);
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    await stack.mustUp();
    stack.env = { ...stack.env, DD_API_KEY: "", DD_APP_KEY: "", DD_HOST: "" };
    await stack.config("datadog-org-connections:url", engine.sandbox.url);
    await stack.config("--secret", "datadog-org-connections:apiKey", apiKey);
    await stack.config("--secret", "datadog-org-connections:appKey", appKey);
    await stack.mustUp();
    expect((await stack.destroy()).code).toBe(0);

    const contents = [...(await database.contents()).values()];
    const written = postgres.written();
    const secrets = [apiKey, appKey, database.password].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
    ]);
    for (const texts of [contents, written]) {
      expect(texts.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
      // The search sees what was written: the configuration, with the keys encrypted, stands in the history.
      expect(texts.some((text) => text.includes("Acme Observability"))).toBe(true);
      expect(texts.some((text) => text.includes("datadog-org-connections:appKey"))).toBe(true);
    }
  });
});

describe("two runners of one stack", () => {
  it("at the same time: the one that comes later hears of the lock and writes nothing; afterwards it has nothing left to do", async () => {
    const database = await postgres.database();
    const [first, second] = await twoRunners(engine, database);
    slowCreates("before");
    const up = await begin(first);
    await until("the first's creates are under way", () => creates().length === 2);
    // However long the second takes, the first cannot end before it.
    const release = await database.holdWrites();
    const [locks, written] = [await database.locks(), postgres.written().length];
    const refused = await second.up();
    expect(refused.output).toMatch(LOCKED);
    expect([refused.code === 0, refused.steps, refused.requests]).toEqual([false, [], []]);
    expect([await database.locks(), locks.length, postgres.written().length]).toEqual([locks, 1, written]);
    await release();
    expect((await up.done).code).toBe(0);
    engine.sandbox.clearFaults();

    const again = await second.mustUp("--expect-no-changes");
    expect(again.requests).toEqual(["GET /api/v2/org"]);
    expect([engine.live(), creates().length]).toEqual([SHARED, 2]);
    await expectSettled(engine, second);
  });

  it("in the very same moment: never both get the lock, and an up afterwards finds everything in order", async () => {
    const database = await postgres.database();
    const runners = await twoRunners(engine, database);
    slowCreates("before");
    // Both have seen that there is no lock, and are about to write theirs.
    const release = await database.holdWrites();
    const ups = [await begin(runners[0]), await begin(runners[1])];
    await database.writersWait(2);
    await release();
    const ended = await Promise.all(ups.map(({ done }) => done));
    engine.sandbox.clearFaults();
    // Each writes its lock, then looks for others: one sees the other's and gives up, or both do.
    const refused = ended.filter(({ code }) => code !== 0);
    expect(refused.length, ended.map(({ output }) => output).join("\n")).toBeGreaterThan(0);
    for (const { output } of refused) expect(output).toMatch(LOCKED_OR_JUST_UNLOCKED);
    expect(await database.locks()).toEqual([]);
    expect(creates()).toHaveLength(refused.length === 2 ? 0 : 2);

    const loser = runners[ended[0]?.code === 0 ? 1 : 0];
    await loser.mustUp();
    expect([engine.live(), creates().length]).toEqual([SHARED, 2]);
    await expectSettled(engine, loser);
  });

  it("one killed in the middle of its up: the other hears of the lock, and recovers as the README says", async () => {
    const database = await postgres.database();
    const [killed, other] = await twoRunners(engine, database);
    // Both connections are made, and the killed engine has heard of neither.
    slowCreates("after");
    const up = await begin(killed);
    await until("both are live", () => engine.live().length === 2);
    const cli = up.process.pid ?? 0;
    const family = familyOf(cli);
    const provider = providerOf(cli)?.pid ?? 0;
    try {
      signal(cli, "SIGKILL");
      await up.done;
      await untilIdle(provider);
    } finally {
      endAll(family);
    }
    engine.sandbox.clearFaults();
    const live = engine.sandbox.connections();

    const refused = await other.up();
    expect(refused.output).toMatch(LOCKED);
    expect([refused.code === 0, refused.requests]).toEqual([false, []]);
    const cancel = await other.pulumi(["cancel", "--yes", "--stack=dev"]);
    expect([cancel.code, await database.locks()], cancel.output).toEqual([0, []]);
    const exists = await other.up("--refresh");
    // The engine stops at the first that exists already.
    expect(live.filter(({ id }) => exists.errors.join().includes(id))).not.toEqual([]);
    expect(exists.errors.join()).toContain("DATADOG_ORG_CONNECTIONS_ADOPT=true");
    const { env } = other;
    other.env = { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    await other.mustUp("--refresh");
    other.env = env;

    expect(engine.sandbox.connections()).toEqual(live);
    await expectSettled(engine, other);
    // Nothing is orphaned: what the killed one made ends with the stack.
    expect((await other.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });
});
