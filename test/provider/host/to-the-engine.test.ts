/** What goes to the engine: a state or an input without a value would be a difference in every preview. */
import { describe, expect, test } from "vitest";
import { setHost } from "../../../provider/src/host/set-host.js";
import { singleHost } from "../../../provider/src/host/single-host.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { operation, useSandbox } from "../../core/connection/operation.js";

const sandbox = useSandbox();
const world = () => ({ ...operation(sandbox()), configure: () => Promise.resolve() });
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";

/** The paths of properties without a value. */
function emptyIn(value: unknown, path = ""): string[] {
  if (value === undefined || value === null) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, field]) => emptyIn(field, `${path}.${key}`));
}

describe.each([
  ["OrgConnection", () => singleHost(world()), { source: "payments", sinkOrgId: HUB }],
  ["OrgConnectionSet", () => setHost(world()), { source: "payments", connections: { [HUB]: ["logs"] } }],
] as const)("%s", (_, host, inputs) => {
  test("no call hands over a property without a value", async () => {
    const checked = await host().check({}, { ...inputs, adopt: null, reason: undefined });
    const created = await host().create(checked.inputs);
    const { id, outs } = created as { id: string; outs: object };
    const read = await host().read(id, outs);
    const updated = await host().update(id, outs, { ...inputs, reason: "SEC-1" });
    for (const given of [checked, created, read, updated]) expect(emptyIn(given)).toEqual([]);
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("inputs that are not what check has accepted change nothing", async () => {
    await expect(host().create({ source: 7, __provider: "x" })).rejects.toThrow(
      /`source` must be a text.*\[invalid-input\]/,
    );
    expect(sandbox().requests).toEqual([]);
  });

  test("an input of another version's state is no reason to look again", async () => {
    const olds = { ...inputs, tags: ["of", "later"] };
    expect(await host().check(olds, inputs)).toEqual({ inputs, failures: [] });
    expect(sandbox().requests).toEqual([]);
  });
});

test("a set whose destinations are not known deletes nothing", async () => {
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
    setHost(world()).update(PAYMENTS, state, { source: "payments", connections: UNKNOWN }),
  ).rejects.toThrow("is not known");
  expect(sandbox().connections()).toHaveLength(1);
});
