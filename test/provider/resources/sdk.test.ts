import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OrgConnection, OrgConnectionSet } from "../../../provider/src/index.js";

const SINK = "aaaaaaaa-0001-4000-8000-000000000001";
type Options = ConstructorParameters<typeof OrgConnection>[2];
const declarations: [string, (options?: Options) => unknown][] = [
  ["OrgConnection", (options) => new OrgConnection("hub", { sinkOrgId: SINK }, options)],
  [
    "OrgConnectionSet",
    (options) => new OrgConnectionSet("hub", { connections: { [SINK]: ["logs"] } }, options),
  ],
];

beforeEach(() =>
  setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  }),
);
afterEach(() => vi.unstubAllEnvs());

/** Counts the stack traces with at least one frame that are formatted during the work. */
function countTraces(work: () => unknown): number {
  let count = 0;
  const settings = Error as { prepareStackTrace?: unknown };
  const before = settings.prepareStackTrace;
  settings.prepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => {
    if (frames.length > 0) count++;
    return [
      String(error),
      ...frames.map((frame) => `    at ${frame.getFileName()}:${frame.getLineNumber()}`),
    ].join("\n");
  };
  try {
    work();
  } finally {
    settings.prepareStackTrace = before;
  }
  return count;
}

describe.each(declarations)("%s", (_, declare) => {
  test("formats one stack trace, for its line in the program", () => {
    expect(countTraces(declare)).toBe(1);
  });

  test("formats those of its promises for the detector of leaks", () => {
    vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "1");
    expect(countTraces(declare)).toBeGreaterThan(30);
  });

  test("restores the limit of stack traces, also after an error, which has the line of the program", () => {
    const limit = Error.stackTraceLimit;
    declare();
    expect(Error.stackTraceLimit).toBe(limit);
    const transformations = [
      () => {
        throw new Error("of a transformation");
      },
    ];
    expect(() => declare({ transformations })).toThrow(
      expect.objectContaining({ stack: expect.stringContaining("sdk.test") as string }),
    );
    expect(Error.stackTraceLimit).toBe(limit);
  });
});
