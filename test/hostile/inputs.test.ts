/** Hostile inputs and states end with a result, a check failure, or a printable error. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { DynamicHost } from "../../provider/src/host/dynamic.js";
import { createSetHost } from "../../provider/src/host/set-host.js";
import { createSingleHost } from "../../provider/src/host/single-host.js";
import { createOperation } from "../core/connection/operation.js";
import { useSandbox } from "../sandbox/harness.js";
import { expectUnpolluted, hostileJson, createMutations, RUNS, UNPRINTABLE } from "./arbitraries.js";
import {
  expectPrintable,
  ID,
  PAYMENTS,
  set,
  setState,
  single,
  singleState,
  toObject,
} from "./valid-resources.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
/** Connections that this package did not create. */
let others: string[] = [];
beforeEach(() => {
  others = ["observability", "search"].map((sink) => sandbox().connect({ source: "payments", sink }));
});

type Kind = { createHost: () => DynamicHost; inputs: object; state: object };
const createContext = () => ({
  ...createOperation(sandbox(), { checks: "offline" }),
  configure: () => Promise.resolve(),
});
const KINDS: Record<string, Kind> = {
  OrgConnection: { createHost: () => createSingleHost(createContext()), inputs: single, state: singleState },
  OrgConnectionSet: { createHost: () => createSetHost(createContext()), inputs: set, state: setState },
};

describe.each(Object.entries(KINDS))("%s", (_, { createHost, inputs, state }) => {
  const anyInputs = fc.oneof(
    { weight: 5, arbitrary: createMutations(inputs).map(toObject) },
    { weight: 1, arbitrary: hostileJson.map(toObject) },
  );
  const anyState = fc.oneof(
    { weight: 5, arbitrary: createMutations(state).map(toObject) },
    { weight: 1, arbitrary: hostileJson.map(toObject) },
  );

  test(
    "hostile inputs are normalized, or rejected with printable reasons",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(anyInputs, anyInputs, async (olds, news) => {
          const { failures = [], inputs: checked } = (await createHost().check(olds, news)) as {
            failures?: { property: string; reason: string }[];
            inputs: Record<string, unknown>;
          };
          for (const { property, reason } of failures) {
            expect(`${property} ${reason}`).not.toMatch(UNPRINTABLE);
            expect(reason.length).toBeLessThan(2000);
          }
          expectUnpolluted();
          // Accepted inputs are accepted again, unchanged.
          if (failures.length > 0) return;
          const again = (await createHost().check(checked, checked)) as {
            failures?: unknown[];
            inputs: unknown;
          };
          expect([again.failures ?? [], again.inputs]).toEqual([[], checked]);
        }),
        RUNS,
      );
    },
  );

  test(
    "a hostile state changes no other connections, and fails with a printable error",
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyState,
          fc.constantFrom("read", "diff", "update", "delete"),
          async (olds, call) => {
            const one = createHost();
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
              .listConnections()
              .map(({ id }) => id);
            expect(others.filter((id) => !live.includes(id))).toEqual([]);
            for (const { id } of sandbox().listConnections())
              if (!others.includes(id)) sandbox().disconnect(id);
          },
        ),
        RUNS,
      );
      expect(getOrgId("payments")).toBe(PAYMENTS);
    },
  );
});
