import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();

describe("look-ups in a program", () => {
  it("name a sink at preview, with one request however often they are called", async () => {
    const stack = engine.stack(
      `
const sinks = await Promise.all(["acme observability", "Acme Security"].map((name) => getOrganization({ name })));
const again = lookups.getOrganizationOutput({ id: pulumi.output("${engine.id("search")}") });
const all = await getOrganizations();
for (const sink of [...sinks, again]) new OrgConnection(sink.name ?? "search", { sinkOrgId: sink.id, connectionTypes: ["logs"] });
return { count: all.length };`.replace('sink.name ?? "search"', 'sink === again ? "search" : sink.name'),
    );
    // The checks of new resources ask in a process of their own.
    await stack.config("datadog-org-connections:checks", "offline");
    const preview = await stack.preview();
    expect([preview.code, preview.errors]).toEqual([0, []]);
    expect(preview.steps).toHaveLength(3);
    expect(preview.requests.filter((request) => request === "GET /api/v2/org")).toHaveLength(1);
  });

  it("list the live connections, filtered, with one request", async () => {
    engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    engine.sandbox.connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.stack(`
const names = (connections) => connections.map(({ source, sink }) => source.name + " → " + sink.name);
return {
  all: names(await getOrgConnections()),
  out: names(await getOrgConnections({ sourceOrgId: "${engine.id("payments")}" })),
  one: lookups.getOrgConnectionsOutput({ sinkOrgId: "${engine.id("security").toUpperCase()}" }).apply(names),
};`);
    const up = await stack.mustUp();
    expect(up.requests).toEqual(["GET /api/v2/org_connections"]);
    const { output } = await stack.pulumi(["stack", "output", "--json"]);
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
      /No organization with the name "Acme Observabilty".*Acme Observability \(/s,
    ],
    [`{ name: "Acme Retired" }`, /is disabled and can be no end of a connection/],
  ])("getOrganization(%s) fails with the candidates and without a stack", async (args, message) => {
    const preview = await engine.stack(`await getOrganization(${args});`).preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(message);
    expect(preview.output).not.toMatch(/^\s+at /m);
  });
});
