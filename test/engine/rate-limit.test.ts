import { expect, it } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { useEngine } from "./stack.js";

const engine = useEngine({ seed: seedWith({ sources: 20 }) });

it("a rate limit that opens in an hour ends an `up` with all that waits in line", async () => {
  const sinks = Array.from({ length: 20 }, (_, at) => `source-${at + 1}`);
  const stack = engine.stack(
    sinks
      .map(
        (sink) =>
          `new OrgConnection("${sink}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] });`,
      )
      .join("\n"),
  );
  await stack.config("datadog-org-connections:callTimeoutSeconds", "10");
  await stack.config("datadog-org-connections:maxInFlight", "4");
  engine.sandbox.fail({
    on: { route: "createConnection" },
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "3600" } },
  });
  // Without an end to the wait, this test meets its own limit.
  const up = await stack.up("--parallel=16", "--continue-on-error");
  expect(up.code).not.toBe(0);
  const refused = up.errors.filter((error) => error.includes("[rate-limited]"));
  expect(refused).toHaveLength(20);
  const sent = up.requests.filter((request) => request.startsWith("POST"));
  expect(sent.length).toBeLessThanOrEqual(4);
  expect(refused.filter((error) => error.includes("429"))).toHaveLength(sent.length);
  expect(engine.live()).toEqual([]);
});

it("JSON that is cut off once on its way does not fail the first `up`", async () => {
  engine.sandbox.fail({
    on: { route: "listConnections" },
    moment: "before",
    what: { kind: "status", status: 200, body: '{"data":[' },
  });
  const stack = engine.stack(
    `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`,
  );
  await stack.mustUp();
  expect(engine.live()).toEqual(["payments → observability: logs"]);
});
