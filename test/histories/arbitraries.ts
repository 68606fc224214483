/** Random histories. */
import fc from "fast-check";
import type { Fault, FaultAction } from "../../sandbox/src/index.js";
import type { AccessMove, DriftMove, History, Interruption, Move, ProgramMove, RunMove } from "./moves.js";

const index = fc.nat({ max: 11 });
const flag = fc.boolean();
/** A value once in `oneIn` samples; otherwise undefined. */
export const createSometimes = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const rarely = fc.nat({ max: 9 }).map((number) => number === 0);

const addSet: fc.Arbitrary<ProgramMove> = fc.record({
  kind: fc.constant("add-set" as const),
  name: index,
  source: index,
  members: fc.array(fc.option(index, { nil: undefined, freq: 3 }), { minLength: 3, maxLength: 3 }),
  exclusive: flag,
  adopt: fc.nat({ max: 3 }).map((number) => number === 0),
  dbr: fc.nat({ max: 3 }).map((number) => number === 0),
});

export const program: fc.Arbitrary<ProgramMove> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      name: index,
      source: index,
      sink: index,
      types: index,
      adopt: fc.nat({ max: 3 }).map((number) => number === 0),
      dbr: fc.nat({ max: 3 }).map((number) => number === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), at: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rename" as const), at: index, name: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("swap" as const), at: index, with: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("types" as const), at: index, types: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sink" as const), at: index, sink: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("source" as const), at: index, source: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("adopt" as const), at: index, adopt: flag }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("dbr" as const), at: index, dbr: flag }) },
  { weight: 4, arbitrary: addSet },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("exclusive" as const), at: index, exclusive: flag }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("to-set" as const), at: index, name: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("to-singles" as const), at: index }) },
);

export const drift: fc.Arbitrary<DriftMove> = fc.oneof(
  fc.record({ kind: fc.constant("change-types" as const), at: index, types: index }),
  fc.record({ kind: fc.constant("disconnect" as const), at: index }),
  fc.record({
    kind: fc.constant("connect" as const),
    source: index,
    sink: index,
    types: index,
    sameUser: rarely,
  }),
  fc.record({ kind: fc.constant("reconnect" as const), at: index, types: index }),
);

const access: fc.Arbitrary<AccessMove> = fc.oneof(
  fc.record({ kind: fc.constant("rotate" as const), org: index, known: flag }),
  fc.record({ kind: fc.constant("foreign-keys" as const), source: index, of: index }),
  fc.record({
    kind: fc.constant("permissions" as const),
    org: index,
    left: fc.constantFrom("none" as const, "read" as const),
  }),
  fc.record({ kind: fc.constant("feature-off" as const), org: index }),
  fc.constant({ kind: "restore" as const }),
);

const RESET = { "X-RateLimit-Reset": "0.02", "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0" };
const before = fc.constant("before" as const);
const after = fc.constant("after" as const);
const either = fc.constantFrom("before" as const, "after" as const);
type FaultDefinition = Pick<Fault, "what" | "moment">;
const constant = (what: FaultAction, moment: fc.Arbitrary<Fault["moment"]> = either) =>
  fc.record({ what: fc.constant(what), moment });

/**
 * What can go wrong. A 429 or a gateway's 404 means that nothing was written, so these faults only come
 * before the write. A slow response still ends as a success, so it only comes after the write.
 */
const faultDefinition: fc.Arbitrary<FaultDefinition> = fc.oneof(
  { weight: 3, arbitrary: constant({ kind: "reset" }) },
  { weight: 2, arbitrary: constant({ kind: "status", status: 500 }) },
  { weight: 2, arbitrary: constant({ kind: "status", status: 502 }) },
  { weight: 2, arbitrary: constant({ kind: "status", status: 503, headers: { "Retry-After": "0.01" } }) },
  { weight: 2, arbitrary: constant({ kind: "status", status: 429, headers: RESET }, before) },
  { weight: 3, arbitrary: constant({ kind: "truncate" }) },
  { weight: 2, arbitrary: constant({ kind: "hang" }) },
  { weight: 2, arbitrary: constant({ kind: "drip", bytesPerSecond: 100 }, after) },
  { weight: 2, arbitrary: constant({ kind: "huge", bytes: 17 * 1024 * 1024 }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom(502, 200).map((status) => ({ kind: "html" as const, status })),
      moment: either,
    }),
  },
  { weight: 1, arbitrary: constant({ kind: "html", status: 404 }, before) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc
        .constantFrom<unknown[]>({ ok: true }, { data: { id: "login" } }, [], null, { errors: ["no"] })
        .map((body): FaultAction => ({ kind: "json", body })),
      moment: either,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom(5, 25, 60, 300).map((ms): FaultAction => ({ kind: "delay", ms })),
      moment: either,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.integer({ min: 1, max: 3 }).map((drop): FaultAction => ({ kind: "short-page", drop })),
      moment: either,
    }),
  },
  { weight: 2, arbitrary: constant({ kind: "redirect", location: "https://login.example.com/" }) },
);

const routes = [
  "createConnection",
  "createConnection",
  "updateConnection",
  "deleteConnection",
  "listConnections",
  "listOrganizations",
] as const;

/** Slow faults apply to one request only. Otherwise a history would take seconds. */
const SLOW = ["hang", "drip", "huge", "delay"];

const fault: fc.Arbitrary<Fault> = fc
  .record({
    faultDefinition,
    route: fc.option(fc.constantFrom(...routes), { nil: undefined, freq: 4 }),
    skip: fc.nat({ max: 2 }),
    times: fc.constantFrom(1, 1, 2, 3, Infinity),
  })
  .map(({ faultDefinition: { what, moment }, route, skip, times }) => {
    const at = what.kind === "short-page" ? ("listConnections" as const) : route;
    return {
      moment,
      what,
      skip,
      times: SLOW.includes(what.kind) ? 1 : times,
      ...(at !== undefined && { on: { route: at } }),
    };
  });

const interruption: fc.Arbitrary<Interruption> = fc.record({
  call: fc.nat({ max: 14 }),
  midway: fc.nat({ max: 3 }).map((number) => number > 0),
  afterMs: fc.constantFrom(0, 1, 2, 4, 8, 16),
});

const run: fc.Arbitrary<RunMove> = fc.record({
  kind: fc.constant("run" as const),
  command: fc.constantFrom(
    ...(["up", "up", "up", "up", "up --refresh", "up --refresh", "refresh", "preview"] as const),
  ),
  preview: flag,
  continueOnError: flag,
  parallel: flag,
  adoptAll: rarely,
  replace: createSometimes(index, 6),
  faults: fc.array(fault, { maxLength: 3 }),
  interruption: createSometimes(interruption, 3),
  concurrentDrift: createSometimes(fc.record({ call: fc.nat({ max: 10 }), drift }), 4),
});

const destroyRun: fc.Arbitrary<RunMove> = run.map((move) => ({ ...move, command: "destroy" }));

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: program },
  { weight: 3, arbitrary: drift },
  { weight: 2, arbitrary: access },
  { weight: 10, arbitrary: run },
  { weight: 1, arbitrary: destroyRun },
);

/** A history starts with declared resources, so that there is something to lose. */
export const initialMoves: fc.Arbitrary<ProgramMove[]> = fc.array(
  program.filter(({ kind }) => kind === "add" || kind === "add-set"),
  { minLength: 1, maxLength: 4 },
);

export const histories: fc.Arbitrary<History> = fc.record({
  moves: fc
    .tuple(initialMoves, fc.array(move, { minLength: 4, maxLength: 18 }))
    .map(([first, rest]) => [...first, ...rest]),
  recovery: fc.record({ oneCommand: flag, continueOnError: flag, parallel: flag, yieldToOthers: flag }),
  destroy: fc.nat({ max: 2 }).map((number) => number === 0),
});

/** Faults that a client with default timeouts gets past quickly. */
const quickFault = fault
  .filter(({ what }) => !["hang", "drip", "huge"].includes(what.kind))
  .map((one) => ({ ...one, times: Math.min(one.times ?? 1, 2) }));

const engineRun = fc
  .record({
    run: fc.oneof({ weight: 8, arbitrary: run }, { weight: 1, arbitrary: destroyRun }),
    faults: fc.array(quickFault, { maxLength: 2 }),
    interruption: createSometimes(interruption, 2),
    concurrentDrift: fc.constant(undefined),
  })
  .map(({ run: move, ...more }): RunMove => ({ ...move, ...more }));

const smallMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: program },
  { weight: 3, arbitrary: drift },
  { weight: 1, arbitrary: access },
);

/** Histories that are short enough for the real engine: one `up`, then two changes. */
export const shortHistories: fc.Arbitrary<History> = fc.record({
  moves: fc
    .tuple(
      initialMoves,
      engineRun,
      fc.array(fc.tuple(smallMove, smallMove, engineRun), { minLength: 2, maxLength: 2 }),
    )
    .map(([first, firstRun, rest]): Move[] => [...first, { ...firstRun, command: "up" }, ...rest.flat()]),
  recovery: fc.record({
    oneCommand: fc.constant(true),
    continueOnError: flag,
    parallel: flag,
    yieldToOthers: flag,
  }),
  destroy: fc.constant(false),
});
