/** What check finds between the resources of one program, and what a set must not delete because another resource declares it. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../core/src/connection/types.js";
import { useSandbox } from "../sandbox/harness.js";
import { configure, openResource, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
const toHub = { source: "payments", sinkOrgId: HUB, connectionTypes: ["logs"] };
const toSecurity = { ...toHub, sinkOrgId: SECURITY };
const exclusive = { source: "payments", connections: { [HUB]: ["logs"] }, exclusive: true };

/** Starts one operation, in which a program has these resources. */
async function openProgram(more: Parameters<typeof configure>[2] = {}) {
  const plugin = await configure(await startPlugin(), sandbox(), { checks: "offline", ...more });
  return {
    single: (name: string) => openResource(plugin, "OrgConnection", name),
    set: (name: string) => openResource(plugin, "OrgConnectionSet", name),
  };
}

/** Configures two names for one organization, by the `id` of both. */
function createSameIds() {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const id = getOrgId("payments");
  return { organizations: { payments: { apiKey, appKey, id }, billing: { id } } };
}

describe("two resources for one pair", () => {
  test("are refused, and both are named", async () => {
    const program = await openProgram();
    expect((await program.single("one").check(toHub)).failures).toEqual([]);
    expect((await program.single("two").check({ ...toHub, sinkOrgId: HUB.toUpperCase() })).failures).toEqual([
      expect.stringMatching(
        new RegExp(
          `^sinkOrgId: OrgConnection "one" and OrgConnection "two" declare the same pair: organization "payments" to ${HUB}.*\\[invalid-input\\]$`,
          "s",
        ),
      ),
    ]);
    expect((await program.set("all").check({ ...exclusive, exclusive: false })).failures).toEqual([
      expect.stringContaining(
        'connections: OrgConnection "one" and OrgConnectionSet "all" declare the same pair',
      ),
    ]);
  });

  test("are refused if both sources have the same id", async () => {
    const program = await openProgram(createSameIds());
    await program.single("one").check(toHub);
    expect((await program.single("two").check({ ...toHub, source: "billing" })).failures).toEqual([
      expect.stringContaining('organization "payments" and organization "billing" are the same organization'),
    ]);
  });

  test("with the same name and different parents are named by their URNs", async () => {
    const plugin = await configure(await startPlugin(), sandbox(), { checks: "offline" });
    const one = openResource(plugin, "OrgConnection", "one");
    const other = openResource(plugin, "OrgConnection", "one", "app:index:Team$");
    await one.check(toHub);
    const { failures } = await other.check(toHub);
    expect(failures.join()).toContain(`${one.urn} and ${other.urn} declare the same pair`);
  });
});

describe("is accepted:", () => {
  test("a swap of two destinations", async () => {
    const program = await openProgram();
    expect((await program.single("one").check(toSecurity, toHub)).failures).toEqual([]);
    expect((await program.single("two").check(toHub, toSecurity)).failures).toEqual([]);
  });

  test("a resource that is checked again, for a replacement or in the update after a preview", async () => {
    const program = await openProgram();
    for (const olds of [toHub, {}]) {
      expect((await program.single("one").check(toSecurity, olds)).failures).toEqual([]);
      expect((await program.set("all").check({ ...exclusive, source: "checkout" }, olds)).failures).toEqual(
        [],
      );
    }
    // The pair that it no longer declares is free.
    expect((await program.single("two").check(toHub)).failures).toEqual([]);
  });

  test("a renamed resource, whose old name the program no longer has", async () => {
    const program = await openProgram();
    expect((await program.single("new").check(toHub, toHub)).failures).toEqual([]);
  });

  test("values that are unknown in a preview", async () => {
    const program = await openProgram();
    await program.single("one").check(toHub);
    for (const unknown of [{ source: UNKNOWN }, { sinkOrgId: UNKNOWN }])
      expect((await program.single("two").check({ ...toHub, ...unknown })).failures).toEqual([]);
    const others = { ...exclusive, connections: { [SECURITY]: ["logs"] } };
    for (const unknown of [{ source: UNKNOWN }, { exclusive: UNKNOWN }])
      expect((await program.set("all").check({ ...others, ...unknown })).failures).toEqual([]);
    expect(
      (await program.set("all").check({ ...others, exclusive: false, connections: UNKNOWN })).failures,
    ).toEqual([]);
  });
});

describe("an exclusive set and another resource of its organization", () => {
  const refusal =
    /OrgConnectionSet "all" is exclusive and would delete what OrgConnection "one" declares.*\[invalid-input\]$/s;

  test("are refused, whichever is registered first", async () => {
    const program = await openProgram();
    await program.set("all").check(exclusive);
    expect((await program.single("one").check(toSecurity)).failures).toEqual([
      expect.stringMatching(refusal),
    ]);
    const other = await openProgram(createSameIds());
    await other.single("one").check({ ...toSecurity, source: "billing" });
    expect((await other.set("all").check(exclusive)).failures).toEqual([expect.stringMatching(refusal)]);
  });

  test("do not lose a connection if the set is updated first, without a preview", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const created = await (await openProgram()).set("all").declare(exclusive);
    expect(created.outputs["undeclared"]).toMatchObject({ [SECURITY]: expect.any(String) as string });
    const program = await openProgram();
    await program.set("all").check(exclusive, created.inputs);
    await program.set("all").diff(created, exclusive);
    const update = program.set("all").update(created, exclusive);
    // Without the wait for further resources, the update would end before this one is registered.
    await delay(300);
    expect((await program.single("one").check(toSecurity)).failures).toHaveLength(1);
    await update;
    expect(sandbox().listConnections()).toHaveLength(2);
  });

  test("do not lose a connection if nothing proves that both sources are the same organization", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const created = await (await openProgram()).set("all").declare(exclusive);
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    const program = await openProgram({ organizations: { payments: { apiKey, appKey } } });
    // Another name without credentials: it may be the same organization.
    expect((await program.single("one").check({ ...toSecurity, source: "billing" })).failures).toEqual([]);
    await program.set("all").check(exclusive, created.inputs);
    expect((await program.set("all").diff(created, exclusive)).changes).toBe(false);
    await program.set("all").update(created, exclusive);
    expect(sandbox().listConnections()).toHaveLength(2);
  });

  test("deletes what no resource declares", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const created = await (await openProgram()).set("all").declare(exclusive);
    const program = await openProgram();
    await program.set("all").check(exclusive, created.inputs);
    await program.set("all").update(created, exclusive);
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});

describe("a forced replacement (--replace, taint), which the engine checks without the old inputs", () => {
  test("is refused with the existing connection and what helps", async () => {
    const created = await (await openProgram()).single("one").declare(toHub);
    const { failures } = await (await openProgram({ checks: "online" })).single("one").check(toHub);
    expect(failures).toEqual([expect.stringContaining(created.id)]);
    expect(failures.join()).toMatch(
      /`aliases`.*`deleteBeforeReplace: true` and the setting `checks: offline`.*`adopt: true`.*\[pair-exists\]/s,
    );
  });

  test("adopts its own connection with adopt, and the delete of the old one keeps it", async () => {
    const created = await (await openProgram()).single("one").declare(toHub);
    const resource = (await openProgram({ checks: "online" })).single("one");
    const replaced = await resource.declare({ ...toHub, adopt: true });
    expect(replaced.id).toBe(created.id);
    await resource.delete(created);
    expect(sandbox().listConnections()).toMatchObject([{ id: created.id }]);
  });

  test("deletes first with deleteBeforeReplace and offline checks", async () => {
    const created = await (await openProgram()).single("one").declare(toHub);
    const resource = (await openProgram()).single("one");
    const { inputs, failures } = await resource.check(toHub);
    expect(failures).toEqual([]);
    await resource.delete(created);
    expect((await resource.create(inputs)).id).not.toBe(created.id);
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});
