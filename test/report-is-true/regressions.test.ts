/** Reports that once were untrue, each reduced to the smallest case. */
import { expect, test } from "vitest";
import type { DriftMove, ProgramMove } from "../histories/moves.js";
import type { Case } from "./case.js";
import { onImitation } from "./imitation.js";
import { newTally, play } from "./play.js";

const PLAIN: Case = {
  others: [],
  program: [],
  drift: [],
  changes: [],
  refresh: false,
  form: "digest",
  withState: true,
  lookup: false,
  adoptAll: false,
  parallel: false,
  replace: undefined,
  hidden: undefined,
};

/** a: payments → observability, logs. */
const ADD: ProgramMove = { kind: "add", name: 0, source: 0, sink: 0, types: 0, adopt: false, dbr: false };
/** S: payments → { security: logs }. */
const ADD_SET: ProgramMove = {
  kind: "add-set",
  name: 0,
  source: 0,
  members: [undefined, 0, undefined],
  exclusive: false,
  adopt: false,
  dbr: false,
};
/** Somebody connects payments → observability, logs. */
const CONNECT: DriftMove = { kind: "connect", source: 0, sink: 0, types: 0, sameUser: true };

/** @param isCompared - whether the preview passes, so that there is an `up` to compare with */
async function isTrue(one: Partial<Case>, isCompared = true): Promise<void> {
  const tally = newTally();
  await play({ ...PLAIN, ...one }, onImitation, tally);
  expect(tally.compared).toBe(isCompared ? 1 : 0);
}

test("a recorded connection that people have recreated does not stay when another resource adopts theirs", () =>
  isTrue({
    program: [{ ...ADD, adopt: true }],
    drift: [{ kind: "disconnect", at: 0 }, CONNECT],
    changes: [{ kind: "to-set", at: 0, name: 0 }],
    lookup: true,
  }));

test("a create does not certainly fail when a set may delete the connection of its pair first", () =>
  isTrue({
    program: [{ ...ADD_SET, name: 2 }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, sink: 1 },
    ],
  }));

test("the replacement of an exclusive set ends nothing that the set never held", () =>
  isTrue({
    program: [{ ...ADD_SET, exclusive: true, dbr: true }],
    drift: [CONNECT],
    refresh: true,
    replace: 0,
  }));

test("a run in which every create adopts may change the types of what is undeclared", () =>
  isTrue({
    program: [{ ...ADD_SET, source: 2, members: [1, undefined, undefined], exclusive: true }],
    drift: [
      { kind: "disconnect", at: 0 },
      { ...CONNECT, source: 2 },
    ],
    refresh: true,
    adoptAll: true,
  }));

test("a member that the refresh finds gone does not stay with the state that still has it", () =>
  isTrue({
    program: [ADD_SET],
    drift: [{ kind: "disconnect", at: 0 }],
    changes: [{ kind: "remove", at: 0 }],
    refresh: true,
    form: "events",
  }));

test("a replacement whose old connection is adopted is no drift", () =>
  isTrue({
    program: [{ ...ADD, dbr: true }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, name: 1, adopt: true },
    ],
  }));

test("a connection that may be created after all may get other types, where they are left to Datadog", () =>
  isTrue({
    program: [{ ...ADD, types: 1, dbr: true }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, name: 1, types: 4, adopt: true },
    ],
  }));

test("what an exclusive set shows as undeclared may stay while its destinations are not known", () =>
  isTrue({
    others: [CONNECT],
    program: [{ ...ADD_SET, exclusive: true, adopt: true }],
    changes: [{ kind: "sink", at: 0, sink: 0 }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  }));

test("a create that adopts a pair that is not known may end types", () =>
  isTrue({
    others: [{ ...CONNECT, types: 3 }],
    changes: [{ ...ADD, adopt: true }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  }));

test("a source that is not known before the up may lead to another organization", () =>
  isTrue({
    program: [{ ...ADD, source: 2 }],
    changes: [{ kind: "source", at: 0, source: 0 }],
    hidden: { how: "unknown", at: 0, what: "source" },
  }));

test("a replacement of the same pair gets the types that Datadog chooses, where they are left to it", () =>
  isTrue({
    program: [{ ...ADD, types: 1, dbr: true }],
    changes: [{ kind: "types", at: 0, types: 4 }],
    replace: 0,
  }));

test("a set of another organization replaces the old one, though its destinations are not known", () =>
  isTrue({
    program: [ADD_SET],
    changes: [{ kind: "source", at: 0, source: 2 }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  }));

test("a recorded connection that people have recreated does not stay when its own replacement adopts theirs", () =>
  isTrue({
    program: [{ ...ADD, adopt: true }],
    drift: [{ kind: "reconnect", at: 0, types: 0 }],
    lookup: true,
    replace: 0,
  }));

test("a set of another organization does not meet what the old one has found undeclared", () =>
  isTrue({
    others: [{ ...CONNECT, sink: 1 }],
    program: [{ ...ADD_SET, members: [0, undefined, undefined], exclusive: true, dbr: true }],
    changes: [
      { kind: "source", at: 0, source: 2 },
      { kind: "sink", at: 0, sink: 1 },
    ],
  }));

test("what an exclusive set shows as undeclared may stay while its source is not known", () =>
  isTrue({
    others: [CONNECT],
    program: [{ ...ADD_SET, exclusive: true, dbr: true }],
    changes: [{ kind: "source", at: 0, source: 2 }],
    hidden: { how: "unknown", at: 0, what: "source" },
  }));
