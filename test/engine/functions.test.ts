import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();

describe("functions in a program", () => {
  it("find a destination at preview, with one request for all calls", async () => {
    const stack = engine.createStack(
      `
const found = await Promise.all(["acme observability", "Acme Security"].map((name) => getOrganization({ name })));
const again = lookups.getOrganizationOutput({ id: pulumi.output("${engine.getOrgId("search")}") });
const all = await getOrganizations();
for (const one of [...found, again]) new OrgConnection(one.name ?? "search", { sinkOrgId: one.id, connectionTypes: ["logs"] });
return { count: all.length };`.replace('one.name ?? "search"', 'one === again ? "search" : one.name'),
    );
    // Preview checks of new resources would send requests in another process.
    await stack.setConfig("datadog-org-connections:checks", "offline");
    const preview = await stack.preview();
    expect([preview.code, preview.errors]).toEqual([0, []]);
    expect(preview.steps).toHaveLength(3);
    expect(preview.requests.filter((request) => request === "GET /api/v2/org")).toHaveLength(1);
  });

  it("list the live connections, filtered, with one request", async () => {
    engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    engine.sandbox.connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.createStack(`
const names = (connections) => connections.map((one) => one.source.name + " → " + one.sink.name);
return {
  all: names(await getOrgConnections()),
  out: names(await getOrgConnections({ sourceOrgId: "${engine.getOrgId("payments")}" })),
  one: lookups.getOrgConnectionsOutput({ sinkOrgId: "${engine.getOrgId("security").toUpperCase()}" }).apply(names),
};`);
    const up = await stack.expectUp();
    expect(up.requests).toEqual(["GET /api/v2/org_connections"]);
    const { output } = await stack.runPulumi(["stack", "output", "--json"]);
    expect(JSON.parse(output)).toEqual({
      all: [
        "Acme Payments → Acme Security",
        "Acme Payments → Acme Observability",
        "Acme Checkout → Acme Payments",
      ],
      out: ["Acme Payments → Acme Security", "Acme Payments → Acme Observability"],
      one: ["Acme Payments → Acme Security"],
    });
  });

  it.each([
    [
      `{ name: "Acme Observabilty" }`,
      /No organization .*has the name "Acme Observabilty".*Acme Observability \(/s,
    ],
    [`{ name: "Acme Retired" }`, /is disabled, so no connection to it can be created/],
  ])("getOrganization(%s) fails with the candidates and without a stack trace", async (args, message) => {
    const preview = await engine.createStack(`await getOrganization(${args});`).preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(message);
    expect(preview.output).not.toMatch(/^\s+at /m);
  });
});
