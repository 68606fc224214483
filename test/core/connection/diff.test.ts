import { describe, expect, test } from "vitest";
import { diff, type Recorded, type Wanted } from "../../../core/src/index.js";
import { normalise } from "../../../core/src/connection/inputs.js";
import { requireInputs } from "../../../core/src/connection/one-input.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { calls, CONNECTION, entryOf, failureOf, operation, useSandbox } from "./operation.js";
import { pairKey } from "../../../core/src/operation/world.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const olds = (more: Partial<Recorded> = {}): Recorded => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: ["logs", "metrics"],
  sourceOrgId: idOf("payments"),
  createdAt: "2025-08-26T20:19:36.177236+00:00",
  ...more,
});
const news = (more: Partial<Wanted> = {}): Wanted => ({
  source: "payments",
  sinkOrgId: idOf("observability"),
  connectionTypes: ["logs", "metrics"],
  ...more,
});
const without = <T extends object>(value: T, name: keyof T): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as T;
const differ = (before: Recorded, after: Wanted, world = operation(sandbox())) =>
  diff(world, CONNECTION, before, requireInputs(normalise({ ...after })));

describe("without a look at the API", () => {
  test.each<[string, () => Recorded, () => Wanted, string]>([
    ["nothing", olds, news, "none"],
    ["the order of types", olds, () => news({ connectionTypes: ["metrics", "logs"] }), "none"],
    ["the case of the sink", olds, () => news({ sinkOrgId: idOf("observability").toUpperCase() }), "none"],
    ["a type more", olds, () => news({ connectionTypes: ["logs", "metrics", "audit"] }), "update"],
    ["a type less", olds, () => news({ connectionTypes: ["logs"] }), "update"],
    ["the types no longer named", olds, () => without(news(), "connectionTypes"), "none"],
    [
      "drift in types that are not managed",
      () => olds({ unmanagedTypes: true, connectionTypes: ["audit"] }),
      () => without(news(), "connectionTypes"),
      "none",
    ],
    ["types named for the first time", () => olds({ unmanagedTypes: true }), news, "update"],
    ["adopt", olds, () => news({ adopt: true }), "update"],
    ["adopt left out", () => olds({ adopt: true }), news, "update"],
    ["reason", () => olds({ reason: "SEC-1" }), () => news({ reason: "SEC-2" }), "update"],
    ["a sink not known yet", olds, () => news({ sinkOrgId: UNKNOWN }), "replace"],
    ["a source not known yet", olds, () => news({ source: UNKNOWN }), "update"],
  ])("%s", async (_, before, after, change) => {
    expect((await differ(before(), after())).change).toBe(change);
    expect(calls(sandbox())).toEqual([]);
  });

  test("a new sink replaces, because of the sink", async () => {
    const difference = await differ(olds(), news({ sinkOrgId: idOf("security") }));
    expect(difference).toEqual({ change: "replace", because: ["sinkOrgId"] });
  });

  test("other keys, an other site and no keys at all change nothing", async () => {
    const world = operation(sandbox(), {
      organizations: { payments: { apiKey: "other", appKey: "other", url: "https://api.datadoghq.eu" } },
    });
    expect(await differ(olds(), news(), world)).toEqual({ change: "none" });
    const keyless = operation(sandbox(), { organizations: { payments: {} } });
    expect(await differ(olds(), news(), keyless)).toEqual({ change: "none" });
  });
});

describe("`source` renamed", () => {
  test("to the same organization by its configured id: an update, and no request", async () => {
    const world = operation(sandbox(), {
      organizations: { renamed: entryOf(sandbox(), "payments", { id: idOf("payments").toUpperCase() }) },
    });
    expect(await differ(olds(), news({ source: "renamed" }), world)).toEqual({ change: "update" });
    expect(calls(sandbox())).toEqual([]);
  });

  test("to the same organization by a look-up: an update", async () => {
    const world = operation(sandbox(), { organizations: { renamed: entryOf(sandbox(), "payments") } });
    expect(await differ(olds(), news({ source: "renamed" }), world)).toEqual({ change: "update" });
    expect(calls(sandbox())).toEqual(["listConnections", "listOrganizations"]);
  });

  test("to the same organization by its listing alone: an update without the permission to list organizations", async () => {
    sandbox().connect({ source: "readonly", sink: "security" });
    sandbox().connect({ source: "readonly", sink: "observability" });
    const world = operation(sandbox(), { organizations: { renamed: entryOf(sandbox(), "readonly") } });
    const before = olds({ source: "readonly", sourceOrgId: idOf("readonly") });
    expect(await differ(before, news({ source: "renamed" }), world)).toEqual({ change: "update" });
    expect(calls(sandbox())).toEqual(["listConnections"]);
  });

  test("from the default keys to a name of the same organization: an update", async () => {
    expect(await differ(without(olds(), "source"), news())).toEqual({ change: "update" });
  });

  test("to another organization by its configured id: a replacement because of the source", async () => {
    const world = operation(sandbox(), {
      organizations: { checkout: entryOf(sandbox(), "checkout", { id: idOf("checkout") }) },
    });
    const difference = await differ(olds(), news({ source: "checkout" }), world);
    expect(difference).toEqual({ change: "replace", because: ["source"] });
    expect(calls(sandbox())).toEqual([]);
  });

  test("to another organization by a look-up: a replacement because of the source", async () => {
    expect(await differ(olds(), news({ source: "checkout" }))).toEqual({
      change: "replace",
      because: ["source"],
    });
  });

  test("with a new sink too: a replacement because of both", async () => {
    const difference = await differ(olds(), news({ source: "checkout", sinkOrgId: idOf("security") }));
    expect(difference).toEqual({ change: "replace", because: ["sinkOrgId", "source"] });
  });

  test("and not provable: an error of `source`, never a guess", async () => {
    const error = await failureOf(differ(olds(), news({ source: "readonly" })));
    expect(error).toMatchObject({ code: "organization-unproven", facts: { property: "source" } });
    expect(error.message).toContain('organization "readonly"');
    expect(error.message).toContain(idOf("payments"));
  });

  test("and the state does not know the old organization: an error", async () => {
    const error = await failureOf(differ(without(olds(), "sourceOrgId"), news({ source: "checkout" })));
    expect(error.code).toBe("organization-unproven");
  });

  test("and refused keys: their error, never a replacement", async () => {
    sandbox().setFeature("checkout", false);
    expect((await failureOf(differ(olds(), news({ source: "checkout" })))).code).toBe("forbidden");
  });
});

describe("the id that diff has seen", () => {
  test("is kept for its resource when it stays", async () => {
    for (const after of [news(), news({ reason: "SEC-1" })]) {
      const world = operation(sandbox());
      world.held.add(pairKey(after.source, after.sinkOrgId));
      await differ(olds(), after, world);
      expect([...world.kept.keys()]).toEqual([CONNECTION]);
    }
  });

  test("is not kept when check has not seen its pair: a refresh asks for what the program no longer has", async () => {
    const world = operation(sandbox());
    await differ(olds(), news(), world);
    expect(world.kept.size).toBe(0);
  });

  test("is made again when this operation has ended it for another resource that held it too", async () => {
    const world = operation(sandbox());
    world.ended.add(CONNECTION);
    expect(await differ(olds(), news(), world)).toEqual({ change: "replace", because: ["sinkOrgId"] });
  });

  test("is free to be deleted when it is replaced", async () => {
    const world = operation(sandbox());
    await differ(olds(), news({ sinkOrgId: idOf("security") }), world);
    expect(world.kept.size).toBe(0);
  });
});
