/** A state that someone has edited: it is refused before any change. */
import { describe, expect, test } from "vitest";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { createOperation, useSandbox } from "../../core/connection/operation.js";

const sandbox = useSandbox();
const createContext = () => ({ ...createOperation(sandbox()), configure: () => Promise.resolve() });
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const CREATED = "2026-03-01T12:00:00Z";

/** The calls of the engine that get the state. */
const CALLS = ["read", "diff", "update", "delete"] as const;
type Host = ReturnType<typeof createSetHost>;
const callHost = (host: Host, name: (typeof CALLS)[number], id: string, state: object, inputs: object) =>
  ({
    read: () => host.read(id, state),
    diff: () => host.diff(id, state, inputs),
    update: () => host.update(id, state, inputs),
    delete: () => host.delete(id, state),
  })[name]();

/** Expects that every call is refused and no live connection is changed. */
async function expectRefused(host: Host, id: string, state: object, inputs: object, where: string) {
  const before = sandbox().listConnections();
  for (const name of CALLS) {
    await expect(callHost(host, name, id, state, inputs)).rejects.toThrow(
      new RegExp(`does not have the format.*see \`${where}\`.*Nothing was done.*\\[invalid-state\\]`, "s"),
    );
  }
  expect(sandbox().listConnections()).toEqual(before);
}

describe("the state of a set", () => {
  const inputs = { source: "payments", connections: { [HUB]: ["logs"] } };
  const createState = (ids: Record<string, string>) => ({
    ...inputs,
    members: Object.fromEntries(
      Object.entries(ids).map(([sink, id]) => [sink, { id, createdAt: CREATED }] as const),
    ),
    sourceOrgId: PAYMENTS,
  });
  const connect = () => sandbox().connect({ source: "payments", sink: "observability" });

  test("with connections that are not members: a deletion would succeed and leave one live", async () => {
    const state = {
      ...createState({ [HUB]: connect() }),
      connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] },
    };
    sandbox().connect({ source: "payments", sink: "security" });
    await expectRefused(createSetHost(createContext()), PAYMENTS, state, inputs, `connections.${SECURITY}`);
    expect(sandbox().listConnections()).toHaveLength(2);
  });

  test("with an undeclared connection is valid", async () => {
    const state = {
      ...createState({ [HUB]: connect() }),
      connections: { [HUB]: ["logs"], [SECURITY]: ["audit"] },
      undeclared: { [SECURITY]: sandbox().connect({ source: "payments", sink: "security" }) },
    };
    await createSetHost(createContext()).delete(PAYMENTS, state);
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test.each<[string, string, object]>([
    ["without members", "members", { members: undefined }],
    ["with a list of members", `connections.${HUB}`, { members: [] }],
    ["with a member without an id", `members.${HUB}.id`, { members: { [HUB]: { createdAt: CREATED } } }],
    [
      "with an id that would change the path",
      `members.${HUB}.id`,
      { members: { [HUB]: { id: "../users/1", createdAt: CREATED } } },
    ],
    ["with types that are not a list", `connections.${HUB}`, { connections: { [HUB]: "logs" } }],
    ["without its organization", "sourceOrgId", { sourceOrgId: undefined }],
  ])("%s", async (_, where, change) => {
    const state = { ...createState({ [HUB]: connect() }), ...change };
    await expectRefused(createSetHost(createContext()), PAYMENTS, state, inputs, where);
  });
});

describe("the state of a single connection", () => {
  const inputs = { source: "payments", sinkOrgId: HUB, connectionTypes: ["logs"] };

  test.each<[string, string, object]>([
    ["with a destination that is not a string", "sinkOrgId", { sinkOrgId: 7 }],
    ["with types that are not a list", "connectionTypes", { connectionTypes: "logs" }],
    ["with a source that is not a string", "source", { source: { name: "payments" } }],
  ])("%s", async (_, where, change) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const state = { ...inputs, sourceOrgId: PAYMENTS, createdAt: CREATED, ...change };
    await expectRefused(createSingleHost(createContext()), id, state, inputs, where);
  });
});
