/** Hand-written cases: reports that were wrong in earlier versions, each reduced to a minimal case. By what the report must say. */
import type { DriftMove, ProgramMove } from "../histories/moves.js";
import type { Case } from "./case.js";

const PLAIN: Case = {
  others: [],
  program: [],
  official: [],
  drift: [],
  changes: [],
  refresh: false,
  format: "digest",
  withState: true,
  lookup: false,
  adoptAll: false,
  parallel: false,
  replace: undefined,
  hidden: undefined,
  offline: false,
  leftover: undefined,
  foreign: undefined,
  provider: undefined,
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
/** Another user connects payments → observability, logs. */
const CONNECT: DriftMove = { kind: "connect", source: 0, sink: 0, types: 0, sameUser: true };

const changesByTitle: Record<string, Partial<Case>> = {
  "a connection in the state is not unchanged if another user has recreated it and another resource adopts that one":
    {
      program: [{ ...ADD, adopt: true }],
      drift: [{ kind: "disconnect", at: 0 }, CONNECT],
      changes: [{ kind: "to-set", at: 0, name: 0 }],
      lookup: true,
    },
  "a create may succeed if a set may delete the connection of its pair first": {
    program: [{ ...ADD_SET, name: 2 }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, sink: 1 },
    ],
  },
  "a resource of a provider without preview checks may adopt": {
    provider: { name: "acme", before: "search", after: "search", offline: true, hasKeys: true },
    program: [{ ...ADD, name: 1, source: 3, sink: 1 }],
    drift: [{ ...CONNECT, source: 3, types: 1 }],
    changes: [{ ...ADD, source: 3, adopt: true }],
  },
  "without checks, a connection that the refresh finds gone may be adopted with a new ID": {
    program: [{ ...ADD, adopt: true }],
    drift: [{ kind: "reconnect", at: 0, types: 4 }],
    refresh: true,
    offline: true,
  },
  "without checks, a replacement may adopt the connection to its new destination": {
    program: [{ ...ADD, adopt: true }],
    drift: [{ ...CONNECT, sink: 1, types: 4 }],
    changes: [{ kind: "sink", at: 0, sink: 1 }],
    offline: true,
  },
  "the replacement of an exclusive set deletes no connection that the set never managed": {
    program: [{ ...ADD_SET, exclusive: true, dbr: true }],
    drift: [CONNECT],
    refresh: true,
    replace: 0,
  },
  "a run in which every create adopts may change the types of undeclared connections": {
    program: [{ ...ADD_SET, source: 2, members: [1, undefined, undefined], exclusive: true }],
    drift: [
      { kind: "disconnect", at: 0 },
      { ...CONNECT, source: 2 },
    ],
    refresh: true,
    adoptAll: true,
  },
  "a member that the refresh finds gone is not unchanged, although the state still has it": {
    program: [ADD_SET],
    drift: [{ kind: "disconnect", at: 0 }],
    changes: [{ kind: "remove", at: 0 }],
    refresh: true,
    format: "events",
  },
  "a replacement whose old connection is adopted is not drift": {
    program: [{ ...ADD, dbr: true }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, name: 1, adopt: true },
    ],
  },
  "a connection that may be created instead of adopted may get other types if they are unspecified": {
    program: [{ ...ADD, types: 1, dbr: true }],
    changes: [
      { kind: "sink", at: 0, sink: 1 },
      { ...ADD, name: 1, types: 4, adopt: true },
    ],
  },
  "an undeclared connection of an exclusive set may stay while the destinations of the set are unknown": {
    others: [CONNECT],
    program: [{ ...ADD_SET, exclusive: true, adopt: true }],
    changes: [{ kind: "sink", at: 0, sink: 0 }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  },
  "a create that adopts an unknown pair may remove types": {
    others: [{ ...CONNECT, types: 3 }],
    changes: [{ ...ADD, adopt: true }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  },
  "a set of another organization whose destinations are unknown may declare none that exists": {
    program: [
      { ...ADD, adopt: true },
      { ...ADD_SET, source: 2, members: [0, undefined, undefined] },
    ],
    changes: [
      { kind: "remove", at: 1 },
      { ...ADD_SET, members: [undefined, undefined, undefined] },
    ],
    lookup: true,
    hidden: { how: "unknown", at: 1, what: "ends" },
  },
  "a create may adopt the undeclared connection of a set that stops being exclusive": {
    program: [{ ...ADD_SET, members: [undefined, undefined, undefined], exclusive: true }],
    drift: [CONNECT],
    changes: [
      { kind: "exclusive", at: 0, exclusive: false },
      { ...ADD, adopt: true },
    ],
    refresh: true,
    withState: false,
  },
  "a resource that adopts its own leftover of an interrupted replacement keeps it": {
    program: [{ ...ADD, adopt: true, dbr: true }],
    changes: [{ kind: "sink", at: 0, sink: 1 }],
    leftover: 0,
  },
  "a digest without the state names the leftovers that it does not show": {
    program: [ADD],
    withState: false,
    leftover: 0,
  },
  "an alias to a resource of another type deletes the connection": {
    program: [ADD],
    changes: [{ kind: "remove", at: 0 }],
    foreign: 0,
  },
  "without checks, a create with adopt may end what the pair shares": {
    others: [{ ...CONNECT, types: 3 }],
    changes: [{ ...ADD, adopt: true }],
    offline: true,
  },
  "a set that adopts may take the connection of a resource whose destination is a secret": {
    program: [
      { ...ADD, adopt: true, dbr: true },
      { ...ADD_SET, members: [undefined, undefined, undefined], adopt: true },
    ],
    changes: [
      { kind: "to-set", at: 0, name: 0 },
      { ...ADD, sink: 1, adopt: true },
    ],
    withState: false,
    parallel: true,
    hidden: { how: "secret", at: 1, what: "ends" },
  },
  "a source that is not known before the up may lead to another organization": {
    program: [{ ...ADD, source: 2 }],
    changes: [{ kind: "source", at: 0, source: 0 }],
    hidden: { how: "unknown", at: 0, what: "source" },
  },
  "a replacement of the same pair gets the types that Datadog chooses if they are unspecified": {
    program: [{ ...ADD, types: 1, dbr: true }],
    changes: [{ kind: "types", at: 0, types: 4 }],
    replace: 0,
  },
  "a set of another organization replaces the old one, although its destinations are unknown": {
    program: [ADD_SET],
    changes: [{ kind: "source", at: 0, source: 2 }],
    hidden: { how: "unknown", at: 0, what: "ends" },
  },
  "a connection in the state is not unchanged if another user has recreated it and its own replacement adopts that one":
    {
      program: [{ ...ADD, adopt: true }],
      drift: [{ kind: "reconnect", at: 0, types: 0 }],
      lookup: true,
      replace: 0,
    },
  "a set of another organization does not collide with the undeclared connections of the old set": {
    others: [{ ...CONNECT, sink: 1 }],
    program: [{ ...ADD_SET, members: [0, undefined, undefined], exclusive: true, dbr: true }],
    changes: [
      { kind: "source", at: 0, source: 2 },
      { kind: "sink", at: 0, sink: 1 },
    ],
  },
  "an undeclared connection of an exclusive set may stay while the source of the set is unknown": {
    others: [CONNECT],
    program: [{ ...ADD_SET, exclusive: true, dbr: true }],
    changes: [{ kind: "source", at: 0, source: 2 }],
    hidden: { how: "unknown", at: 0, what: "source" },
  },
  "a connection moves from @pulumi/datadog by an alias of its resource, and nothing is added or removed": {
    program: [ADD],
    official: [0],
  },
  "the official resource is removed, and another one adopts its connection: the sharing stops": {
    program: [ADD],
    official: [0],
    changes: [{ kind: "rename", at: 0, name: 1 }],
    adoptAll: true,
  },
  "two destinations are swapped in the change that moves one connection from @pulumi/datadog": {
    program: [
      { ...ADD, adopt: true },
      { ...ADD, name: 1, sink: 1, adopt: true },
    ],
    official: [0],
    changes: [{ kind: "swap", at: 0, with: 1 }],
  },
  "--replace of a resource that moves from @pulumi/datadog: the sharing stops, because the old connection is deleted last":
    { program: [{ ...ADD, adopt: true }], official: [0], replace: 0 },
  "a resource that moves and also gets a new destination: its deletion in the format details is no leftover, and it has one owner":
    {
      program: [{ ...ADD, adopt: true }],
      official: [0],
      changes: [{ kind: "sink", at: 0, sink: 1 }],
      refresh: true,
      format: "details",
    },
  "a resource that moves and also gets a new destination: its deletion in the format events is no leftover, and it has one owner":
    {
      program: [{ ...ADD, adopt: true }],
      official: [0],
      changes: [{ kind: "sink", at: 0, sink: 1 }],
      refresh: true,
      format: "events",
    },
  "--replace of a resource that moves, with deleteBeforeReplace: it does not adopt the connection that is already gone":
    { program: [{ ...ADD, adopt: true, dbr: true }], official: [0], replace: 0 },
  "a resource that moves gives up its destination first, with deleteBeforeReplace: another one may create it again":
    {
      program: [
        { ...ADD, adopt: true, dbr: true },
        { ...ADD, name: 1, sink: 1, adopt: true },
      ],
      official: [0],
      changes: [{ kind: "swap", at: 0, with: 1 }],
    },
  "--replace of a resource that moves, whose source is known by its name only: it may be the same organization":
    { program: [{ ...ADD, source: 3, dbr: true }], official: [0], replace: 0 },
  "--replace of such a resource in a run in which every create adopts: the sharing stops": {
    program: [{ ...ADD, source: 3 }],
    official: [0],
    adoptAll: true,
    replace: 0,
  },
  "a resource that moves is refreshed under its former name, and its connection has one owner": {
    program: [ADD],
    official: [0],
    refresh: true,
    format: "details",
  },
};

/** Each case with what its report must say. */
export const handWrittenCases: readonly [title: string, one: Case][] = Object.entries(changesByTitle).map(
  ([title, changes]) => [title, { ...PLAIN, ...changes }],
);
