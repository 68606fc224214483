import { describe, expect, it } from "vitest";
import { SITE, useLyingProxies } from "../core/api/lying-proxy.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const start = useLyingProxies();
const SINKS = ["observability", "security"];
const program = () =>
  SINKS.map(
    (sink) => `new OrgConnection("${sink}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] });`,
  ).join("\n");
/** A list of `payments`' connections as Datadog sends it: it would prove whose keys these are. */
function listOf(sinks: readonly string[]) {
  const end = (key: string) => ({ data: { type: "orgs", id: engine.id(key) } });
  return {
    data: sinks.map((sink, at) => ({
      type: "org_connection",
      id: `40bbb1c2-0000-4000-8000-00000000000${at}`,
      attributes: { created_at: "2026-03-01T12:00:00Z", connection_types: ["logs"] },
      relationships: { source_org: end("payments"), sink_org: end(sink) },
    })),
  };
}

describe("a proxy that answers 201 in place of Datadog", () => {
  it("confirms no deletion: destroy fails, says that it was the proxy, and keeps the state", async () => {
    const stack = engine.stack(program());
    await stack.mustUp();
    const live = engine.live();
    const proxy = await start((number) => ({ status: 201, body: number === 1 ? listOf(SINKS) : {} }));
    stack.env = { ...stack.env, DD_HOST: SITE, HTTPS_PROXY: proxy.url };
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.errors.join()).toContain("[proxy-refused]");
    expect(engine.live()).toEqual(live);
    expect(await stack.state()).toHaveLength(2);
  });

  it("makes no connection gone: refresh fails and keeps the state", async () => {
    const stack = engine.stack(program());
    await stack.mustUp();
    const proxy = await start(() => ({ status: 201, body: listOf(["checkout", "search"]) }));
    stack.env = { ...stack.env, DD_HOST: SITE, HTTPS_PROXY: proxy.url };
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain("[proxy-refused]");
    expect(await stack.state()).toHaveLength(2);
  });
});

describe("a gateway that answers 201 to each request", () => {
  it("confirms no deletion and makes nothing gone", async () => {
    const stack = engine.stack(program());
    await stack.mustUp();
    const live = engine.live();
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
      what: { kind: "status", status: 201, body: listOf(["checkout", "search"]) },
    });
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain("[unexpected-status]");
    expect(await stack.state()).toHaveLength(2);
    expect(engine.live()).toEqual(live);
  });
});
