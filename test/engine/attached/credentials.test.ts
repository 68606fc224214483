import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import type { Stack } from "../stack.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
const createProgram =
  (type = "logs") =>
  () => {
    new OrgConnection("hub", { sinkOrgId: engine.getOrgId("observability"), connectionTypes: [type] });
  };

/** Creates the environment variables with the keys of a sandbox organization for a name in the program. */
function createKeyVariables(name: string, organization: string): Record<string, string> {
  const { apiKey, appKey } = engine.sandbox.getOrganization(organization);
  return { [`DD_API_KEY__${name}`]: apiKey, [`DD_APP_KEY__${name}`]: appKey };
}

function useKeys(stack: Stack, organization: string): void {
  const { apiKey, appKey } = engine.sandbox.getOrganization(organization);
  stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
}

describe("another organization's keys", () => {
  it("never report a connection as gone", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    useKeys(stack, "search");
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain(`belong to organization ${engine.getOrgId("search")}`);
    expect(await stack.loadState()).toHaveLength(1);
  });

  it("delete nothing: destroy fails", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    useKeys(stack, "search");
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect(await stack.loadState()).toHaveLength(1);
  });

  it("change nothing", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    useKeys(stack, "observability");
    stack.writeProgram(createProgram("audit"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.requests.filter((request) => request.startsWith("PATCH"))).toEqual([]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("are no change in a preview", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    useKeys(stack, "search");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("rotated keys", () => {
  it("from the environment are used immediately and cause no update", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    engine.sandbox.rotateKeys("payments");
    const before = await stack.refresh();
    expect(before.code).not.toBe(0);
    useKeys(stack, "payments");
    expect((await stack.refresh()).code).toBe(0);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });

  it("in the stack configuration reach destroy by level 1, which the error names, or by a plain up", async () => {
    const stack = engine.createStack(createProgram());
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    stack.env = {};
    await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    await stack.setConfig("--secret", "datadog-org-connections:apiKey", apiKey);
    await stack.setConfig("--secret", "datadog-org-connections:appKey", appKey);
    await stack.expectUp();
    const rotated = engine.sandbox.rotateKeys("payments");
    await stack.setConfig("--secret", "datadog-org-connections:apiKey", rotated.apiKey);
    await stack.setConfig("--secret", "datadog-org-connections:appKey", rotated.appKey);
    const stale = await stack.destroy();
    expect(stale.code).not.toBe(0);
    expect(stale.errors.join()).toContain("DD_API_KEY__DEFAULT and DD_APP_KEY__DEFAULT");
    stack.env = { ...createKeyVariables("DEFAULT", "payments"), DD_HOST__DEFAULT: engine.sandbox.url };
    expect((await stack.refresh()).code).toBe(0);
    stack.env = {};
    await stack.expectUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});

/** Returns a program with one connection of the named organization. */
const declareNamed =
  (source: string, name = "hub") =>
  () => {
    new OrgConnection(name, {
      source,
      sinkOrgId: engine.getOrgId("observability"),
      connectionTypes: ["logs"],
    });
  };

describe("several organizations in one program", () => {
  const declareThree = () => {
    for (const source of ["payments", "checkout", "search"]) declareNamed(source, source)();
  };

  const createThreeKeys = () => ({
    DD_HOST: engine.sandbox.url,
    ...createKeyVariables("PAYMENTS", "payments"),
    ...createKeyVariables("CHECKOUT", "checkout"),
    ...createKeyVariables("SEARCH", "search"),
  });

  it("uses separate keys for three sources", async () => {
    const stack = engine.createStack(declareThree);
    stack.env = createThreeKeys();
    await stack.expectUp();
    expect(engine.listLive()).toEqual([
      "checkout → observability: logs",
      "payments → observability: logs",
      "search → observability: logs",
    ]);
    expect((await stack.refresh()).requests).toHaveLength(3);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });

  it("uses keys from secrets in the stack configuration", async () => {
    const stack = engine.createStack(declareThree);
    stack.env = {};
    await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    for (const source of ["payments", "checkout", "search"]) {
      const { apiKey, appKey, id } = engine.sandbox.getOrganization(source);
      const at = `datadog-org-connections:organizations.${source}`;
      await stack.setConfig("--secret", "--path", `${at}.apiKey`, apiKey);
      await stack.setConfig("--secret", "--path", `${at}.appKey`, appKey);
      await stack.setConfig("--path", `${at}.id`, id);
    }
    await stack.expectUp();
    expect(engine.listLive()).toHaveLength(3);
    const exported = await stack.runPulumi(["stack", "export"]);
    expect(exported.output).not.toContain("sandbox-api-key");
    expect(exported.output).not.toContain("sandbox-app-key");
    expect((await stack.destroy()).code).toBe(0);
  });

  it("a configured id of another organization stops the first write", async () => {
    const stack = engine.createStack(declareThree);
    stack.env = createThreeKeys();
    await stack.setConfig(
      "--path",
      "datadog-org-connections:organizations.payments.id",
      engine.getOrgId("checkout"),
    );
    const up = await stack.up("--continue-on-error");
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`belong to organization ${engine.getOrgId("payments")}`);
    expect(engine.listLive().filter((row) => row.startsWith("payments"))).toEqual([]);
  });

  it("a configured id of another organization stops the first write, also for the name constructor", async () => {
    const stack = engine.createStack(declareNamed("constructor"));
    stack.env = { DD_HOST: engine.sandbox.url, ...createKeyVariables("CONSTRUCTOR", "payments") };
    const key = "datadog-org-connections:organizations.constructor.id";
    await stack.setConfig("--path", key, engine.getOrgId("checkout"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`belong to organization ${engine.getOrgId("payments")}`);
    expect(engine.listLive()).toEqual([]);
  });

  it("renaming the source of the same organization is an update without a write", async () => {
    const stack = engine.createStack(declareNamed("payments"));
    stack.env = {
      ...stack.env,
      ...createKeyVariables("PAYMENTS", "payments"),
      ...createKeyVariables("PAY", "payments"),
    };
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declareNamed("pay"));
    const up = await stack.expectUp();
    expect(up.steps).toEqual(["update hub"]);
    expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("a source that is another organization is a replacement", async () => {
    const stack = engine.createStack(declareNamed("payments"));
    stack.env = {
      ...stack.env,
      ...createKeyVariables("PAYMENTS", "payments"),
      ...createKeyVariables("CHECKOUT", "checkout"),
    };
    await stack.expectUp();
    stack.writeProgram(declareNamed("checkout"));
    expect((await stack.expectUp()).steps).toContain("replace hub");
    expect(engine.listLive()).toEqual(["checkout → observability: logs"]);
  });

  it("a renamed source is an error if its organization is unknown", async () => {
    const stack = engine.createStack(declareNamed("payments"));
    stack.env = {
      ...stack.env,
      ...createKeyVariables("PAYMENTS", "payments"),
      ...createKeyVariables("PAY", "payments"),
    };
    await stack.expectUp();
    engine.sandbox.setPermissions("payments", ["org_connections_read"]);
    stack.writeProgram(declareNamed("pay"));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain("Configure the `id` of the new `source`");
  });
});
