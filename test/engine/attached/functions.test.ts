import { describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import {
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrgConnections,
  getOrgConnectionsOutput,
  OrgConnection,
  type Connection,
} from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();

describe("functions in a program", () => {
  it("find a destination at preview, with one request for all calls", async () => {
    const stack = engine.createStack(async () => {
      const names = ["acme observability", "Acme Security"];
      const found = await Promise.all(names.map((name) => getOrganization({ name })));
      const search = getOrganizationOutput({ id: pulumi.output(engine.getOrgId("search")) });
      for (const { name, id } of [...found, { name: "search", id: search.id }])
        new OrgConnection(name, { sinkOrgId: id, connectionTypes: ["logs"] });
      return { count: (await getOrganizations()).length };
    });
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
    const formatNames = (connections: Connection[]) =>
      connections.map(({ source, sink }) => `${source?.name} → ${sink?.name}`);
    const stack = engine.createStack(async () => ({
      all: formatNames(await getOrgConnections()),
      out: formatNames(await getOrgConnections({ sourceOrgId: engine.getOrgId("payments") })),
      one: getOrgConnectionsOutput({ sinkOrgId: engine.getOrgId("security").toUpperCase() }).apply(
        formatNames,
      ),
    }));
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
    ["Acme Observabilty", /No organization .*has the name "Acme Observabilty".*Acme Observability \(/s],
    ["Acme Retired", /is disabled, so no connection to it can be created/],
  ])("getOrganization(%s) fails with the candidates and without a stack trace", async (name, message) => {
    const preview = await engine.createStack(() => getOrganization({ name })).preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(message);
    expect(preview.output).not.toMatch(/^\s+at /m);
  });
});
