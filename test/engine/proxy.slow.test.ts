import { describe, expect, it } from "vitest";
import { SITE, useFakeProxies } from "../core/api/fake-proxy.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const startProxy = useFakeProxies();
const SINKS = ["observability", "security"];
const createProgram = () =>
  SINKS.map(
    (sink) =>
      `new OrgConnection("${sink}", { sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["logs"] });`,
  ).join("\n");
/**
 * Creates a list of connections of `payments`, as Datadog returns it. It would prove the organization of the
 * keys.
 */
function createList(sinks: readonly string[]) {
  const createRelationship = (key: string) => ({ data: { type: "orgs", id: engine.getOrgId(key) } });
  return {
    data: sinks.map((sink, at) => ({
      type: "org_connection",
      id: `40bbb1c2-0000-4000-8000-00000000000${at}`,
      attributes: { created_at: "2026-03-01T12:00:00Z", connection_types: ["logs"] },
      relationships: { source_org: createRelationship("payments"), sink_org: createRelationship(sink) },
    })),
  };
}

describe("a proxy that responds with 201 instead of Datadog", () => {
  it("confirms no deletion: destroy fails, reports the proxy, and keeps the state", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    const live = engine.listLive();
    const proxy = await startProxy((number) => ({
      status: 201,
      body: number === 1 ? createList(SINKS) : {},
    }));
    stack.env = { ...stack.env, DD_HOST: SITE, HTTPS_PROXY: proxy.url };
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.errors.join()).toContain("[proxy-refused]");
    expect(engine.listLive()).toEqual(live);
    expect(await stack.loadState()).toHaveLength(2);
  });

  it("cannot report a connection as gone: refresh fails and keeps the state", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    const proxy = await startProxy(() => ({ status: 201, body: createList(["checkout", "search"]) }));
    stack.env = { ...stack.env, DD_HOST: SITE, HTTPS_PROXY: proxy.url };
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain("[proxy-refused]");
    expect(await stack.loadState()).toHaveLength(2);
  });
});

describe("a gateway that responds with 201 to each request", () => {
  it("confirms no deletion and cannot report a connection as gone", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    const live = engine.listLive();
    engine.sandbox.fail({
      on: { route: "deleteConnection" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 201, body: {} },
    });
    expect((await stack.destroy()).code).not.toBe(0);
    engine.sandbox.clearFaults();
    engine.sandbox.fail({
      on: { route: "listConnections" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 201, body: createList(["checkout", "search"]) },
    });
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain("[unexpected-status]");
    expect(await stack.loadState()).toHaveLength(2);
    expect(engine.listLive()).toEqual(live);
  });
});
