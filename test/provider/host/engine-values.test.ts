/** Values for the engine: a property without a value would be a difference in every preview. */
import { describe, expect, test } from "vitest";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { createOperation, useSandbox } from "../../core/connection/operation.js";

const sandbox = useSandbox();
const createContext = () => ({ ...createOperation(sandbox()), configure: () => Promise.resolve() });
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";

/** Finds the paths of properties without a value. */
function findEmptyPaths(value: unknown, path = ""): string[] {
  if (value === undefined || value === null) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, field]) => findEmptyPaths(field, `${path}.${key}`));
}

describe.each([
  ["OrgConnection", () => createSingleHost(createContext()), { source: "payments", sinkOrgId: HUB }],
  [
    "OrgConnectionSet",
    () => createSetHost(createContext()),
    { source: "payments", connections: { [HUB]: ["logs"] } },
  ],
] as const)("%s", (_, host, inputs) => {
  test("no call returns a property without a value", async () => {
    const checked = await host().check({}, { ...inputs, adopt: null, reason: undefined });
    const created = await host().create(checked.inputs);
    const { id, outs } = created as { id: string; outs: object };
    const read = await host().read(id, outs);
    const updated = await host().update(id, outs, { ...inputs, reason: "SEC-1" });
    for (const given of [checked, created, read, updated]) expect(findEmptyPaths(given)).toEqual([]);
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("inputs that check would not accept change nothing", async () => {
    await expect(host().create({ source: 7, __provider: "x" })).rejects.toThrow(
      /`source` must be a string.*\[invalid-input\]/,
    );
    expect(sandbox().requests).toEqual([]);
  });

  test("an input from another version's state does not cause a preview check", async () => {
    const olds = { ...inputs, tags: ["of", "later"] };
    expect(await host().check(olds, inputs)).toEqual({ inputs, failures: [] });
    expect(sandbox().requests).toEqual([]);
  });
});

test("a set with unknown destinations deletes nothing", async () => {
  const state = {
    source: "payments",
    connections: { [HUB]: ["logs"] },
    members: {
      [HUB]: {
        id: sandbox().connect({ source: "payments", sink: "observability" }),
        createdAt: "2026-03-01T12:00:00Z",
      },
    },
    sourceOrgId: PAYMENTS,
  };
  await expect(
    createSetHost(createContext()).update(PAYMENTS, state, { source: "payments", connections: UNKNOWN }),
  ).rejects.toThrow("The value of `connections` is unknown");
  expect(sandbox().listConnections()).toHaveLength(1);
});
