import { expect, it } from "vitest";
import { createSeed } from "../../../sandbox/src/index.js";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const declare = (sink: string) =>
  new OrgConnection(sink, { sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] });
const engine = useEngine({ seed: createSeed({ sources: 20 }) });

it("a rate limit that resets in an hour fails an `up` and all queued requests", async () => {
  const sinks = Array.from({ length: 20 }, (_, at) => `source-${at + 1}`);
  const stack = engine.createStack(() => {
    for (const sink of sinks) declare(sink);
  });
  await stack.setConfig("datadog-org-connections:callTimeoutSeconds", "10");
  await stack.setConfig("datadog-org-connections:maxConcurrent", "4");
  engine.sandbox.fail({
    on: { route: "createConnection" },
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "3600" } },
  });
  // If the client waited, this test would time out.
  const up = await stack.up("--parallel=16", "--continue-on-error");
  expect(up.code).not.toBe(0);
  const refused = up.errors.filter((error) => error.includes("[rate-limited]"));
  expect(refused).toHaveLength(20);
  const sent = up.requests.filter((request) => request.startsWith("POST"));
  expect(sent.length).toBeLessThanOrEqual(4);
  expect(refused.filter((error) => error.includes("429"))).toHaveLength(sent.length);
  expect(engine.listLive()).toEqual([]);
});

it("JSON that is cut off once does not fail the first `up`", async () => {
  engine.sandbox.fail({
    on: { route: "listConnections" },
    moment: "before",
    what: { kind: "status", status: 200, body: '{"data":[' },
  });
  const stack = engine.createStack(() => void declare("observability"));
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
});
