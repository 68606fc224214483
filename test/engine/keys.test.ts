import { describe, expect, it } from "vitest";
import type { Stack } from "./stack.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const PROGRAM = () =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`;

/** Environment that gives a name in the program the keys of an organization of the sandbox. */
function keysOf(name: string, organization: string): Record<string, string> {
  const { apiKey, appKey } = engine.sandbox.organization(organization);
  return { [`DD_API_KEY__${name}`]: apiKey, [`DD_APP_KEY__${name}`]: appKey };
}

function useKeysOf(stack: Stack, organization: string): void {
  const { apiKey, appKey } = engine.sandbox.organization(organization);
  stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
}

describe("keys of another organization", () => {
  it("never say gone", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    useKeysOf(stack, "search");
    const refresh = await stack.refresh();
    expect(refresh.code).not.toBe(0);
    expect(refresh.errors.join()).toContain(`belong to organization ${engine.id("search")}`);
    expect(await stack.state()).toHaveLength(1);
  });

  it("delete nothing, and destroy fails", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    useKeysOf(stack, "search");
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    expect(await stack.state()).toHaveLength(1);
  });

  it("change nothing", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    useKeysOf(stack, "observability");
    stack.program(PROGRAM().replace("logs", "audit"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.requests.filter((request) => request.startsWith("PATCH"))).toEqual([]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("that are no change in the program are no change at all", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    useKeysOf(stack, "search");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("rotated keys", () => {
  it("from the environment are taken at once, and are no change", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.rotateKeys("payments");
    const before = await stack.refresh();
    expect(before.code).not.toBe(0);
    useKeysOf(stack, "payments");
    expect((await stack.refresh()).code).toBe(0);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });

  it("in the stack's configuration reach destroy through level 1, which the error names, or by a plain up", async () => {
    const stack = engine.stack(PROGRAM());
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    stack.env = {};
    await stack.config("datadog-org-connections:url", engine.sandbox.url);
    await stack.config("--secret", "datadog-org-connections:apiKey", apiKey);
    await stack.config("--secret", "datadog-org-connections:appKey", appKey);
    await stack.mustUp();
    const rotated = engine.sandbox.rotateKeys("payments");
    await stack.config("--secret", "datadog-org-connections:apiKey", rotated.apiKey);
    await stack.config("--secret", "datadog-org-connections:appKey", rotated.appKey);
    const stale = await stack.destroy();
    expect(stale.code).not.toBe(0);
    expect(stale.errors.join()).toContain("DD_API_KEY__DEFAULT and DD_APP_KEY__DEFAULT");
    stack.env = { ...keysOf("DEFAULT", "payments"), DD_HOST__DEFAULT: engine.sandbox.url };
    expect((await stack.refresh()).code).toBe(0);
    stack.env = {};
    await stack.mustUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });
});

/** One connection of the organization that is called so in the program. */
const named = (source: string) =>
  `new OrgConnection("hub", { source: "${source}", sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`;

describe("several organizations in one program", () => {
  const three = () =>
    ["payments", "checkout", "search"]
      .map(
        (source) =>
          `new OrgConnection("${source}", { source: "${source}", sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`,
      )
      .join("\n");

  it("three sources, each with its own keys", async () => {
    const stack = engine.stack(three());
    stack.env = {
      DD_HOST: engine.sandbox.url,
      ...keysOf("PAYMENTS", "payments"),
      ...keysOf("CHECKOUT", "checkout"),
      ...keysOf("SEARCH", "search"),
    };
    await stack.mustUp();
    expect(engine.live()).toEqual([
      "checkout → observability: logs",
      "payments → observability: logs",
      "search → observability: logs",
    ]);
    expect((await stack.refresh()).requests).toHaveLength(3);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });

  it("named in the stack's configuration, with secrets", async () => {
    const stack = engine.stack(three());
    stack.env = {};
    await stack.config("datadog-org-connections:url", engine.sandbox.url);
    for (const source of ["payments", "checkout", "search"]) {
      const { apiKey, appKey, id } = engine.sandbox.organization(source);
      const at = `datadog-org-connections:organizations.${source}`;
      await stack.config("--secret", "--path", `${at}.apiKey`, apiKey);
      await stack.config("--secret", "--path", `${at}.appKey`, appKey);
      await stack.config("--path", `${at}.id`, id);
    }
    await stack.mustUp();
    expect(engine.live()).toHaveLength(3);
    const exported = await stack.pulumi(["stack", "export"]);
    expect(exported.output).not.toContain("sandbox-api-key");
    expect(exported.output).not.toContain("sandbox-app-key");
    expect((await stack.destroy()).code).toBe(0);
  });

  it("a configured id of another organization stops the first write", async () => {
    const stack = engine.stack(three());
    stack.env = {
      DD_HOST: engine.sandbox.url,
      ...keysOf("PAYMENTS", "payments"),
      ...keysOf("CHECKOUT", "checkout"),
      ...keysOf("SEARCH", "search"),
    };
    await stack.config("--path", "datadog-org-connections:organizations.payments.id", engine.id("checkout"));
    const up = await stack.up("--continue-on-error");
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`belong to organization ${engine.id("payments")}`);
    expect(engine.live().filter((row) => row.startsWith("payments"))).toEqual([]);
  });

  it("a configured id of another organization stops the first write of one called constructor too", async () => {
    const stack = engine.stack(named("constructor"));
    stack.env = { DD_HOST: engine.sandbox.url, ...keysOf("CONSTRUCTOR", "payments") };
    const key = "datadog-org-connections:organizations.constructor.id";
    await stack.config("--path", key, engine.id("checkout"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`belong to organization ${engine.id("payments")}`);
    expect(engine.live()).toEqual([]);
  });

  it("source renamed: an update without a write when it is the same organization", async () => {
    const stack = engine.stack(named("payments"));
    stack.env = { ...stack.env, ...keysOf("PAYMENTS", "payments"), ...keysOf("PAY", "payments") };
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(named("pay"));
    const up = await stack.mustUp();
    expect(up.steps).toEqual(["update hub"]);
    expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(engine.only().id).toBe(id);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("source renamed: a replacement when it is another organization", async () => {
    const stack = engine.stack(named("payments"));
    stack.env = { ...stack.env, ...keysOf("PAYMENTS", "payments"), ...keysOf("CHECKOUT", "checkout") };
    await stack.mustUp();
    stack.program(named("checkout"));
    expect((await stack.mustUp()).steps).toContain("replace hub");
    expect(engine.live()).toEqual(["checkout → observability: logs"]);
  });

  it("source renamed: an error when nobody can tell", async () => {
    const stack = engine.stack(named("payments"));
    stack.env = { ...stack.env, ...keysOf("PAYMENTS", "payments"), ...keysOf("PAY", "payments") };
    await stack.mustUp();
    engine.sandbox.setPermissions("payments", ["org_connections_read"]);
    stack.program(named("pay"));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain("Configure its `id`");
  });
});
