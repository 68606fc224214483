/** What the engine shows of preview checks. Each failure and its message is tested in test/core/connection/preview-checks.test.ts. */
import { describe, expect, it } from "vitest";
import { createSeed } from "../../../sandbox/src/index.js";
import { listWrites, STACK_TRACE } from "../expect-settled.js";
import { useEngine, type CliRun, type Stack } from "../stack.js";
import { LOGS } from "./declarations.js";

const engine = useEngine({ seed: createSeed({ sources: 30 }) });
const { declare, declareSet } = engine;

/** Expects that a preview fails without a stack trace and without a write, and returns its errors, each on one line. */
function expectRefusal(preview: CliRun): string[] {
  expect(preview.code, preview.output).not.toBe(0);
  expect(preview.output).not.toMatch(STACK_TRACE);
  expect(listWrites(preview)).toEqual([]);
  return preview.errors.map((error) => error.replace(/\s+/g, " "));
}

interface Failure {
  of: string;
  code: string;
  prepare: (stack: Stack) => unknown;
  sink?: string;
}

const failures: Failure[] = [
  { of: "missing keys", code: "credentials-missing", prepare: (stack) => void (stack.env = {}) },
  {
    of: "keys of another organization than the configured id",
    code: "wrong-organization",
    prepare: (stack) => stack.setConfig("datadog-org-connections:id", engine.getOrgId("checkout")),
  },
  {
    of: "a missing permission",
    code: "forbidden",
    prepare: () => engine.sandbox.setPermissions("payments", []),
  },
  {
    of: "an invalid setting",
    code: "invalid-configuration",
    prepare: (stack) => stack.setConfig("datadog-org-connections:maxAttempts", "0"),
  },
  { of: "a disabled destination", code: "not-found", prepare: () => undefined, sink: "retired" },
];

describe.each(["dynamic", "plugin"] as const)("with the %s host, a preview", (host) => {
  const declareHub = (sink = "observability") => [{ ...declare("hub", sink), host }];

  it.each(failures)("fails because of $of", async ({ code, prepare, sink }) => {
    const stack = engine.createStack(declareHub(sink));
    await prepare(stack);
    expect(expectRefusal(await stack.preview()).join()).toContain(`[${code}]`);
  });

  it("with `checks: offline` sends no request, and needs no credentials", async () => {
    engine.sandbox.connect({ source: "payments", sink: "observability" });
    const stack = engine.createStack(declareHub());
    stack.env = {};
    await stack.setConfig("datadog-org-connections:checks", "offline");
    const { code, errors, requests } = await stack.preview();
    expect([code, errors, requests]).toEqual([0, [], []]);
  });

  it("of 24 new connections of an organization sends two requests", async () => {
    const sinks = Array.from({ length: 24 }, (_, at) => `source-${at + 1}`);
    const stack = engine.createStack(sinks.map((sink) => ({ ...declare(sink, sink), host })));
    const preview = await stack.preview();
    expect(preview.steps.filter((step) => step.startsWith("create source-"))).toHaveLength(24);
    expect(preview.requests.sort()).toEqual(["GET /api/v2/org", "GET /api/v2/org_connections"]);
  });

  it("passes if an organization is not available, without a wait, and says once that nothing was checked", async () => {
    // Exceeds the time limit of a call, so that the client does not wait.
    const headers = { "X-RateLimit-Reset": "3600" };
    const what = { kind: "status", status: 429, headers } as const;
    engine.sandbox.fail({ times: Infinity, moment: "before", what });
    const stack = engine.createStack([...declareHub(), { ...declare("sec", "security"), host }]);
    const { code, errors, output } = await stack.preview();
    expect([code, errors], output).toEqual([0, []]);
    expect(
      output.match(/ot checked: the connections of the default organization|could not check/g),
    ).toHaveLength(1);
  });
});

it("several sources that are not configured are all reported by one preview, without a request", async () => {
  const sources = ["paymets", "chekout", "serch"];
  const declarations = sources.map((source) => declare(source, "observability", { ...LOGS, source }));
  const set = declareSet("securty", { observability: "logs" }, { source: "securty" });
  const preview = await engine.createStack([...declarations, set]).preview();
  const [others = "", first = "", ...more] = expectRefusal(preview).toSorted();
  expect([more, preview.requests]).toEqual([[], []]);
  const own = /Organization "(\w+)" is not configured/.exec(first)?.[1];
  expect(others).toContain("Also, the program has other sources that are not configured: ");
  const named = [...others.matchAll(/"(\w+)" \(OrgConnection(?:Set)? "\1"\)/g)].map(([, name]) => name);
  expect([own, ...named].toSorted()).toEqual([...sources, "securty"].toSorted());
});
