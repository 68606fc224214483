/** Histories that once diverged, each reduced to a minimum. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { startSandbox, type Fault, type Sandbox } from "../../sandbox/src/index.js";
import { playHistory } from "./history.js";
import type { Move, RunMove } from "./moves.js";
import { DEFAULT_RUN, runOnPlugin, runOperation } from "./operation.js";
import { Stats } from "./stats.js";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** payments → observability, logs. */
const ADD: Move = { kind: "add", name: 0, source: 0, sink: 0, types: 0, adopt: false, dbr: false };
const createUp = (more: Partial<RunMove> = {}): RunMove => ({ ...DEFAULT_RUN, preview: false, ...more });

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

describe.each([
  ["dynamic host", runOperation],
  ["plugin", runOnPlugin],
])("%s", (_, operate) => {
  async function playMoves(...moves: Move[]): Promise<void> {
    const recovery = { oneCommand: true, continueOnError: false, parallel: false, yieldToOthers: false };
    await playHistory(sandbox, { moves, recovery, destroy: true }, new Stats(), operate);
  }

  const createFaultOnCreate = (what: Fault["what"]): Fault => ({
    on: { route: "createConnection" },
    moment: "after",
    what,
  });
  const createFaultOnDelete = (what: Fault["what"]): Fault => ({
    on: { route: "deleteConnection" },
    moment: "before",
    what,
  });

  test("a create that succeeded but returned a redirect is not lost", () =>
    playMoves(
      ADD,
      createUp({
        faults: [createFaultOnCreate({ kind: "redirect", location: "https://login.example.com/" })],
      }),
    ));

  test.each([
    ["JSON of another shape", { kind: "json", body: { ok: true } } as const],
    ["an empty list", { kind: "json", body: [] } as const],
    ["a page with status 200", { kind: "html", status: 200 } as const],
    ["a gateway's 404", { kind: "html", status: 404 } as const],
  ])("a delete with the response %s has not succeeded", (_, what) =>
    playMoves(ADD, createUp(), { kind: "remove", at: 0 }, createUp({ faults: [createFaultOnDelete(what)] })),
  );

  const BOTH = [
    { ...ADD, name: 1, dbr: true },
    { ...ADD, name: 0, source: 2, sink: 1, adopt: true },
  ] as const;

  test("an id that two resources manage, deleted before the replacement of one, is created again for the other", () =>
    playMoves(
      ...BOTH,
      createUp(),
      { kind: "swap", at: 0, with: 1 },
      // The second adopts the connection of the first; then the first is replaced with deleteBeforeReplace.
      createUp({ continueOnError: true }),
      createUp({ adoptAll: true }),
    ));

  test.each([
    ["removed", { kind: "remove", at: 0 } as const],
    ["replaced", { kind: "sink", at: 0, sink: 1 } as const],
  ])(
    "a resource that the program has %s is deleted by `up --refresh`, although its refresh calls diff too",
    (_, change) => playMoves(ADD, createUp(), change, createUp({ command: "up --refresh" })),
  );

  test("a failed adoption does not prevent the deletion by the resource that gives the connection up", () => {
    const refused: Fault = {
      on: { route: "updateConnection" },
      moment: "before",
      times: 3,
      what: { kind: "status", status: 503 },
    };
    return playMoves(
      { ...ADD, name: 0, adopt: true, dbr: true },
      { ...ADD, name: 1, sink: 1, types: 1, adopt: true, dbr: true },
      createUp(),
      { kind: "swap", at: 0, with: 1 },
      createUp({ continueOnError: true, faults: [refused] }),
    );
  });

  test("a member recreated by another user is not undeclared for a set that becomes exclusive", () =>
    playMoves(
      { ...ADD_SET, exclusive: false },
      createUp(),
      { kind: "reconnect", at: 0, types: 1 },
      { kind: "exclusive", at: 0, exclusive: true },
      createUp(),
    ));

  test("connections that an exclusive set created are in the state, even if the listing of undeclared ones fails afterward", () => {
    // The first list is the one before the create.
    const lists: Fault = {
      on: { route: "listConnections" },
      skip: 1,
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 503 },
    };
    return playMoves(ADD_SET, createUp({ faults: [lists] }));
  });
});
