/** A state that somebody has edited: nothing is done by it, and nothing is said of it as if it had been read. */
import { describe, expect, test } from "vitest";
import { setHost } from "../../../provider/src/host/set-host.js";
import { singleHost } from "../../../provider/src/host/single-host.js";
import { operation, useSandbox } from "../../core/connection/operation.js";

const sandbox = useSandbox();
const world = () => ({ ...operation(sandbox()), configure: () => Promise.resolve() });
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const CREATED = "2026-03-01T12:00:00Z";

/** Each call of the engine that gets the state. */
const CALLS = ["read", "diff", "update", "delete"] as const;
type Host = ReturnType<typeof setHost>;
const call = (host: Host, name: (typeof CALLS)[number], id: string, state: object, inputs: object) =>
  ({
    read: () => host.read(id, state),
    diff: () => host.diff(id, state, inputs),
    update: () => host.update(id, state, inputs),
    delete: () => host.delete(id, state),
  })[name]();

/** Every call is refused, and what is live stays. */
async function expectRefused(host: Host, id: string, state: object, inputs: object, where: string) {
  const before = sandbox().connections();
  for (const name of CALLS) {
    await expect(call(host, name, id, state, inputs)).rejects.toThrow(
      new RegExp(`does not have the form.*see \`${where}\`.*Nothing was done.*\\[invalid-state\\]`, "s"),
    );
  }
  expect(sandbox().connections()).toEqual(before);
}

describe("the state of a set", () => {
  const inputs = { source: "payments", connections: { [HUB]: ["logs"] } };
  const stateOf = (ids: Record<string, string>) => ({
    ...inputs,
    members: Object.fromEntries(
      Object.entries(ids).map(([sink, id]) => [sink, { id, createdAt: CREATED }] as const),
    ),
    sourceOrgId: PAYMENTS,
  });
  const live = () => sandbox().connect({ source: "payments", sink: "observability" });

  test("whose connections are not among its members: a deletion would leave one live, and succeed", async () => {
    const state = { ...stateOf({ [HUB]: live() }), connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] } };
    sandbox().connect({ source: "payments", sink: "security" });
    await expectRefused(setHost(world()), PAYMENTS, state, inputs, `connections.${SECURITY}`);
    expect(sandbox().connections()).toHaveLength(2);
  });

  test("whose connection was found undeclared is of its form", async () => {
    const state = {
      ...stateOf({ [HUB]: live() }),
      connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] },
      strangers: { [SECURITY]: sandbox().connect({ source: "payments", sink: "security" }) },
    };
    await setHost(world()).delete(PAYMENTS, state);
    expect(sandbox().connections()).toHaveLength(1);
  });

  test.each<[string, string, object]>([
    ["without members", "members", { members: undefined }],
    ["with a list of members", `connections.${HUB}`, { members: [] }],
    ["with a member without an id", `members.${HUB}.id`, { members: { [HUB]: { createdAt: CREATED } } }],
    [
      "with an id that would be another path",
      `members.${HUB}.id`,
      { members: { [HUB]: { id: "../users/1", createdAt: CREATED } } },
    ],
    ["with types that are no list", `connections.${HUB}`, { connections: { [HUB]: "logs" } }],
    ["without its organization", "sourceOrgId", { sourceOrgId: undefined }],
  ])("%s", async (_, where, change) => {
    const state = { ...stateOf({ [HUB]: live() }), ...change };
    await expectRefused(setHost(world()), PAYMENTS, state, inputs, where);
  });
});

describe("the state of a single connection", () => {
  const inputs = { source: "payments", sinkOrgId: HUB, connectionTypes: ["logs"] };

  test.each<[string, string, object]>([
    ["with a destination that is no text", "sinkOrgId", { sinkOrgId: 7 }],
    ["with types that are no list", "connectionTypes", { connectionTypes: "logs" }],
    ["with a source that is no text", "source", { source: { name: "payments" } }],
  ])("%s", async (_, where, change) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const state = { ...inputs, sourceOrgId: PAYMENTS, createdAt: CREATED, ...change };
    await expectRefused(singleHost(world()), id, state, inputs, where);
  });
});
