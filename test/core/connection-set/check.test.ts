import { describe, expect, test } from "vitest";
import { checkSet, DELETE_BEFORE_REPLACE, diffSet } from "../../../core/src/index.js";
import { requireInputs } from "../../../core/src/connection/one-input.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { entryOf, operation, useSandbox } from "../connection/operation.js";
import { declaredSet, wantedSet } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const raw = (connections: unknown, more = {}) => ({ source: "payments", connections, ...more });

describe("inputs of a set", () => {
  test("are brought into one form, destinations and types sorted", async () => {
    const connections = {
      [idOf("security").toUpperCase()]: ["metrics", "Logs"],
      [idOf("observability")]: ["audit"],
    };
    const world = operation(sandbox(), { checks: "offline" });
    const { wanted, failures } = await checkSet(world, {}, raw(connections, { exclusive: "true" }));
    expect(failures).toEqual([]);
    expect(wanted?.exclusive).toBe(true);
    expect(Object.entries(wanted?.connections ?? {})).toEqual([
      [idOf("observability"), ["audit"]],
      [idOf("security"), ["logs", "metrics"]],
    ]);
  });

  test.each([
    ["no object", () => ["logs"], "connections", "must be an object"],
    ["null", () => null, "connections", "must be an object"],
    ["a destination without types", () => ({ [idOf("security")]: null }), "security", "names no types"],
    [
      "a destination twice",
      () => ({ [idOf("security")]: ["logs"], [idOf("security").toUpperCase()]: ["logs"] }),
      "SECURITY",
      "stands there twice",
    ],
  ])("%s is refused", async (_, connections, property, reason) => {
    const { failures } = await checkSet(operation(sandbox()), {}, raw(connections()));
    const of = (key: string) =>
      `connections["${key === "SECURITY" ? idOf("security").toUpperCase() : idOf("security")}"]`;
    expect(failures).toHaveLength(1);
    expect(failures[0]?.property).toBe(property === "connections" ? property : of(property));
    expect(failures[0]?.reason).toContain(reason);
    expect(sandbox().requests).toEqual([]);
  });

  test("an input that is none is refused", async () => {
    const { failures } = await checkSet(operation(sandbox()), {}, raw({}, { sinkOrgId: idOf("security") }));
    expect(failures.map(({ property }) => property)).toEqual(["sinkOrgId"]);
  });

  test("connections that are not known yet pass, and are not taken for none: no member is said to end", async () => {
    const world = operation(sandbox());
    const checked = await checkSet(world, {}, raw(UNKNOWN));
    const wanted = requireInputs(checked);
    expect([checked.failures, wanted.connections]).toEqual([[], UNKNOWN]);
    const olds = await declaredSet(sandbox(), { observability: ["logs"] });
    expect(await diffSet(world, olds, wanted)).toEqual({ change: "update" });
    expect(world.warnings).toEqual([]);
  });
});

describe("the looks of a preview", () => {
  test("an unchanged set costs no request and no warning", async () => {
    const wanted = wantedSet(sandbox(), { observability: ["logs", "traces"] });
    const world = operation(sandbox());
    await checkSet(world, { ...wanted }, { ...wanted });
    expect([sandbox().requests, world.warnings]).toEqual([[], []]);
  });

  test("a change of types alone costs no request", async () => {
    const olds = wantedSet(sandbox(), { observability: ["logs"] });
    const news = wantedSet(sandbox(), { observability: ["metrics"] });
    await checkSet(operation(sandbox()), { ...olds }, { ...news });
    expect(sandbox().requests).toEqual([]);
  });

  test("many destinations share one listing and one look-up of organizations", async () => {
    const wanted = wantedSet(sandbox(), { observability: ["logs"], security: ["logs"], search: ["logs"] });
    const { failures } = await checkSet(operation(sandbox()), {}, { ...wanted });
    expect(failures).toEqual([]);
    const routes = sandbox().requests.map(({ route }) => route);
    expect(routes.toSorted()).toEqual(["listConnections", "listOrganizations"]);
  });

  test("a pair that exists is named under its destination", async () => {
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const wanted = wantedSet(sandbox(), { observability: ["logs"], security: ["logs"] });
    const { failures } = await checkSet(operation(sandbox()), {}, { ...wanted });
    expect(failures.map(({ property }) => property)).toEqual([`connections["${idOf("security")}"]`]);
    expect(failures[0]?.reason).toContain(id);
  });

  test("a pair that exists is no surprise to a forced replacement that deletes before", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const hinted = { ...wantedSet(sandbox(), { security: ["logs"] }), [DELETE_BEFORE_REPLACE]: true };
    expect((await checkSet(operation(sandbox()), {}, hinted)).failures).toEqual([]);
  });

  test("it is one to a set that stays, whatever it would delete before", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    const olds = wantedSet(sandbox(), { observability: ["logs"] });
    const news = wantedSet(sandbox(), { observability: ["logs"], security: ["logs"] });
    const { failures } = await checkSet(
      operation(sandbox()),
      { ...olds },
      { ...news, [DELETE_BEFORE_REPLACE]: true },
    );
    expect(failures).toHaveLength(1);
  });

  test("refused keys are told once", async () => {
    const wanted = wantedSet(sandbox(), { observability: ["logs"], security: ["logs"] });
    const payments = { ...entryOf(sandbox(), "payments"), apiKey: "wrong" };
    const { failures } = await checkSet(
      operation(sandbox(), { organizations: { payments } }),
      {},
      { ...wanted },
    );
    expect(failures.map(({ property }) => property)).toEqual(["source"]);
  });

  test("offline, nothing is looked at", async () => {
    const world = operation(sandbox(), { checks: "offline" });
    await checkSet(world, {}, { ...wantedSet(sandbox(), { observability: ["logs"] }) });
    expect(sandbox().requests).toEqual([]);
  });

  test.each(["online", "offline"] as const)(
    "%s, members are kept under another name of the source",
    async (checks) => {
      const olds = await declaredSet(sandbox(), { observability: ["logs"] });
      const id = olds.members[idOf("observability")]?.id ?? "";
      const organizations = { pay: entryOf(sandbox(), "payments", { id: idOf("payments") }) };
      const world = operation(sandbox(), { organizations, checks });
      const news = wantedSet(sandbox(), { observability: ["logs"] }, { source: "pay" });
      await checkSet(world, { ...wantedSet(sandbox(), { observability: ["logs"] }) }, { ...news });
      expect(await diffSet(world, olds, news)).toEqual({ change: "update" });
      expect(world.kept.has(id)).toBe(true);
    },
  );
});
