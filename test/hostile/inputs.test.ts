/** Whatever a program declares and a state holds: a result, a failure, or an error that can be printed. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { DynamicHost } from "../../provider/src/host/dynamic.js";
import { setHost } from "../../provider/src/host/set-host.js";
import { singleHost } from "../../provider/src/host/single-host.js";
import { operation } from "../core/connection/operation.js";
import { useSandbox } from "../sandbox/harness.js";
import { expectUnpolluted, hostileJson, mutationsOf, RUNS, UNPRINTABLE } from "./arbitraries.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const OBSERVABILITY = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
/** Connections that nobody of this package made. */
let others: string[] = [];
beforeEach(() => {
  others = ["observability", "search"].map((sink) => sandbox().connect({ source: "payments", sink }));
});

const single = {
  source: "payments",
  sinkOrgId: OBSERVABILITY,
  connectionTypes: ["logs"],
  adopt: false,
  reason: "x",
};
const set = {
  source: "payments",
  connections: { [OBSERVABILITY]: ["logs"], [SECURITY]: ["audit", "logs"] },
  exclusive: true,
  adopt: false,
  reason: "x",
};
const ID = "40bbb1c2-0000-4000-8000-000000000001";
const singleState = {
  ...single,
  sourceOrgId: PAYMENTS,
  sourceOrgName: "Acme Payments",
  sinkOrgName: "Acme Observability",
  createdAt: "2026-03-01T12:00:00Z",
  createdBy: ID,
};
const setState = {
  ...set,
  members: { [OBSERVABILITY]: { id: ID, createdAt: "2026-03-01T12:00:00Z", sinkOrgName: "Hub" } },
  strangers: { [SECURITY]: ID },
  sourceOrgId: PAYMENTS,
};

type Kind = { host: () => DynamicHost; inputs: object; state: object };
const world = () => ({
  ...operation(sandbox(), { checks: "offline" }),
  configure: () => Promise.resolve(),
});
const KINDS: Record<string, Kind> = {
  OrgConnection: { host: () => singleHost(world()), inputs: single, state: singleState },
  OrgConnectionSet: { host: () => setHost(world()), inputs: set, state: setState },
};

const objectOf = (value: unknown): object =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value };

function expectPrintable(error: unknown): void {
  const { message, reasons = [] } = error as { message: string; reasons?: string[] };
  for (const text of [message, ...reasons]) {
    expect(text).not.toMatch(UNPRINTABLE);
    expect(text).not.toContain("internal error");
    expect(text).not.toContain("sandbox-app-key");
  }
}

describe.each(Object.entries(KINDS))("%s", (_, { host, inputs, state }) => {
  const anyInputs = fc.oneof(
    { weight: 5, arbitrary: mutationsOf(inputs).map(objectOf) },
    { weight: 1, arbitrary: hostileJson.map(objectOf) },
  );
  const anyState = fc.oneof(
    { weight: 5, arbitrary: mutationsOf(state).map(objectOf) },
    { weight: 1, arbitrary: hostileJson.map(objectOf) },
  );

  test(
    "inputs of any form are normalized, or refused with reasons that can be printed",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(anyInputs, anyInputs, async (olds, news) => {
          const { failures = [], inputs: checked } = (await host().check(olds, news)) as {
            failures?: { property: string; reason: string }[];
            inputs: Record<string, unknown>;
          };
          for (const { property, reason } of failures) {
            expect(`${property} ${reason}`).not.toMatch(UNPRINTABLE);
            expect(reason.length).toBeLessThan(2000);
          }
          expectUnpolluted();
          // What was accepted is accepted again, and is the same.
          if (failures.length > 0) return;
          const again = (await host().check(checked, checked)) as { failures?: unknown[]; inputs: unknown };
          expect([again.failures ?? [], again.inputs]).toEqual([[], checked]);
        }),
        RUNS,
      );
    },
  );

  test(
    "a state of any form changes nothing that is not its own, and fails in a way that can be printed",
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyState,
          fc.constantFrom("read", "diff", "update", "delete"),
          async (olds, call) => {
            const one = host();
            const calls = {
              read: () => one.read(ID, olds),
              diff: () => one.diff(ID, olds, inputs),
              update: () => one.update(ID, olds, inputs),
              delete: () => one.delete(ID, olds),
            };
            try {
              await calls[call]();
            } catch (error) {
              expectPrintable(error);
            }
            expectUnpolluted();
            const live = sandbox()
              .connections()
              .map(({ id }) => id);
            expect(others.filter((id) => !live.includes(id))).toEqual([]);
            for (const { id } of sandbox().connections()) if (!others.includes(id)) sandbox().disconnect(id);
          },
        ),
        RUNS,
      );
      expect(idOf("payments")).toBe(PAYMENTS);
    },
  );
});
