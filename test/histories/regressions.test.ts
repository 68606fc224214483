/** Histories that once diverged, each reduced to the smallest. */
import { afterAll, beforeAll, test } from "vitest";
import { startSandbox, type Fault, type Sandbox } from "../../sandbox/src/index.js";
import { play } from "./history.js";
import type { Move, RunMove } from "./moves.js";
import { PLAIN } from "./operation.js";
import { Stats } from "./stats.js";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** payments → observability, logs. */
const ADD: Move = { kind: "add", name: 0, source: 0, sink: 0, types: 0, adopt: false, dbr: false };
const up = (more: Partial<RunMove> = {}): RunMove => ({ ...PLAIN, preview: false, ...more });

/** S: payments → { observability: logs }, exclusive. */
const ADD_SET: Move = {
  kind: "add-set",
  name: 0,
  source: 0,
  members: [0, undefined, undefined],
  exclusive: true,
  adopt: false,
  dbr: false,
};

async function plays(...moves: Move[]): Promise<void> {
  const recovery = { oneCommand: true, continueOnError: false, parallel: false, yieldToOthers: false };
  await play(sandbox, { moves, recovery, destroy: true }, new Stats());
}

const onCreate = (what: Fault["what"]): Fault => ({
  on: { route: "createConnection" },
  moment: "after",
  what,
});
const onDelete = (what: Fault["what"]): Fault => ({
  on: { route: "deleteConnection" },
  moment: "before",
  what,
});

test("a create that was done and answered by a redirect is not forgotten", () =>
  plays(ADD, up({ faults: [onCreate({ kind: "redirect", location: "https://login.example.com/" })] })));

test.each([
  ["JSON of another shape", { kind: "json", body: { ok: true } } as const],
  ["an empty list", { kind: "json", body: [] } as const],
  ["a page with status 200", { kind: "html", status: 200 } as const],
  ["a gateway's 404", { kind: "html", status: 404 } as const],
])("a deletion answered by %s has not succeeded", (_, what) =>
  plays(ADD, up(), { kind: "remove", at: 0 }, up({ faults: [onDelete(what)] })),
);

const BOTH = [
  { ...ADD, name: 1, dbr: true },
  { ...ADD, name: 0, source: 2, sink: 1, adopt: true },
] as const;

test("an id that two resources hold, deleted before the replacement of one, is made again for the other", () =>
  plays(
    ...BOTH,
    up(),
    { kind: "swap", at: 0, with: 1 },
    // The second takes over what the first still holds; then the first moves away, deleting before.
    up({ continueOnError: true }),
    up({ adoptAll: true }),
  ));

test.each([
  ["removed", { kind: "remove", at: 0 } as const],
  ["replaced", { kind: "sink", at: 0, sink: 1 } as const],
])("what the program has %s is deleted by `up --refresh`, whose refresh asks for a diff too", (_, change) =>
  plays(ADD, up(), change, up({ command: "up --refresh" })),
);

test("what was to be taken over, and could not be, is not kept from the resource that gives it up", () => {
  const refused: Fault = {
    on: { route: "updateConnection" },
    moment: "before",
    times: 3,
    what: { kind: "status", status: 503 },
  };
  return plays(
    { ...ADD, name: 0, adopt: true, dbr: true },
    { ...ADD, name: 1, sink: 1, types: 1, adopt: true, dbr: true },
    up(),
    { kind: "swap", at: 0, with: 1 },
    up({ continueOnError: true, faults: [refused] }),
  );
});

test("what others have put in a member's place is no stranger to a set that becomes exclusive", () =>
  plays(
    { ...ADD_SET, exclusive: false },
    up(),
    { kind: "reconnect", at: 0, types: 1 },
    { kind: "exclusive", at: 0, exclusive: true },
    up(),
  ));

test("what an exclusive set has made is in the state, even when the look for strangers fails after it", () => {
  // The first list is the one that the create looks at before.
  const lists: Fault = {
    on: { route: "listConnections" },
    skip: 1,
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 503 },
  };
  return plays(ADD_SET, up({ faults: [lists] }));
});
