/**
 * The plugin gets hostile inputs, states and responses through gRPC. Each call ends with a valid result, a check failure, or a
 * printable error without keys, and the plugin serves the next call.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../core/src/api/client.js";
import { Session } from "../../core/src/operation/session.js";
import { createFakeClock } from "../core/api/harness.js";
import { createOperation } from "../core/connection/operation.js";
import { openPluginHost } from "../histories/plugin-host.js";
import type { ProviderHost } from "../histories/provider-host.js";
import type { SavedResource } from "../histories/saved-resource.js";
import { useSandbox } from "../sandbox/harness.js";
import { createMutations, expectUnpolluted, hostileJson, RUNS, UNPRINTABLE } from "./arbitraries.js";
import { hostileResponse, KEYS, type HostileResponse } from "./hostile-response.js";
import { expectPrintable, ID, set, setState, single, singleState, toObject } from "./valid-resources.js";

const sandbox = useSandbox();
/** Most cases start a server, so there are fewer of them. */
const runs = { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 40) };
/** Connections that this package did not create. */
let others: string[] = [];
beforeEach(() => {
  others = ["observability", "search"].map((sink) => sandbox().connect({ source: "payments", sink }));
});

const KINDS = {
  OrgConnection: { resource: { name: "a", isSet: false }, inputs: single, state: singleState },
  OrgConnectionSet: { resource: { name: "S", isSet: true }, inputs: set, state: setState },
};
const createHostile = (valid: object) =>
  fc.oneof(
    { weight: 5, arbitrary: createMutations(valid).map(toObject) },
    { weight: 1, arbitrary: hostileJson.map(toObject) },
  );

/** Runs calls on a plugin in a process of its own. */
async function usePlugin<T>(
  createContext: () => ReturnType<typeof createOperation>,
  work: (host: ProviderHost) => Promise<T>,
): Promise<T> {
  const host = await openPluginHost({ ...createContext(), gone: false });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
const createOffline = () => createOperation(sandbox(), { checks: "offline" });
/** An error with which a change is applied in part, or another error. */
type PartialError = Error & { reasons?: string[]; properties?: object };
const toSaved = (outputs: object, inputs: object): SavedResource =>
  ({ id: ID, inputs, outputs }) as unknown as SavedResource;

describe.each(Object.entries(KINDS))("%s", (_, { resource, inputs, state }) => {
  const createCalls = (host: ProviderHost, outputs: object, news: object) => ({
    read: () => host.read(resource, toSaved(outputs, inputs)),
    diff: () => host.diff(resource, toSaved(outputs, inputs), news),
    "create in a preview": () => host.create(resource, news, true),
    "update in a preview": () => host.update(resource, toSaved(outputs, inputs), news, true),
    update: () => host.update(resource, toSaved(outputs, inputs), news, false),
    delete: () => host.delete(resource, toSaved(outputs, inputs)),
  });
  const calls = fc.constantFrom(
    ...(Object.keys(createCalls({} as ProviderHost, {}, {})) as (keyof ReturnType<typeof createCalls>)[]),
  );

  test("hostile inputs are normalized, or rejected with printable reasons", { timeout: 120_000 }, () =>
    usePlugin(createOffline, (host) =>
      fc.assert(
        fc.asyncProperty(createHostile(inputs), createHostile(inputs), async (olds, news) => {
          const { failures = [], inputs: checked } = await host.check(resource, olds, news);
          for (const { reason } of failures) {
            expect(reason).not.toMatch(UNPRINTABLE);
            expect(reason.length).toBeLessThan(2000);
          }
          expectUnpolluted();
          // Accepted inputs are accepted again, unchanged.
          if (failures.length > 0) return;
          const again = await host.check(resource, checked as object, checked as object);
          expect([again.failures, again.inputs]).toEqual([[], checked]);
        }),
        runs,
      ),
    ),
  );

  test("a hostile state or input changes no other connections", { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(createHostile(state), createHostile(inputs), calls, async (olds, news, call) => {
        await usePlugin(createOffline, async (host) => {
          const accepted = (await host.check(resource, {}, inputs)).inputs as object;
          const given = call.includes("preview") ? news : accepted;
          await createCalls(host, olds, given)[call]().catch(expectPrintable);
        });
        expectUnpolluted();
        const live = sandbox().listConnections();
        expect(others.filter((id) => !live.some((row) => row.id === id))).toEqual([]);
        if (call.includes("preview")) expect(live).toHaveLength(others.length);
        for (const { id } of live) if (!others.includes(id)) sandbox().disconnect(id);
      }),
      runs,
    ),
  );

  test("hostile responses end with a printable result or error", { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(hostileResponse, calls, async (given, call) => {
        next = given;
        const shown = await usePlugin(createHostileOperation, async (host) => {
          try {
            return await createCalls(host, state, inputs)[call]();
          } catch (error) {
            expectPrintable(error);
            const { message, reasons = [], properties } = error as PartialError;
            return { message, reasons, properties };
          }
        });
        expectUnpolluted();
        expect(JSON.stringify([shown, warnings])).not.toContain("canary");
        expect(warnings.join("")).not.toMatch(UNPRINTABLE);
      }),
      runs,
    ),
  );
});

let server: Server;
let next: HostileResponse;
let warnings: readonly string[] = [];
beforeAll(async () => {
  server = createServer((_, reply) => {
    const noBody = next.status === 204 || next.status === 304;
    reply
      .writeHead(next.status, { "Content-Type": next.type, ...next.headers })
      .end(noBody ? undefined : next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** An operation whose requests get hostile responses, without real waits. */
function createHostileOperation() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const operation = createOperation(sandbox(), { organizations: { payments: { ...KEYS, url } } });
  ({ warnings } = operation);
  const { credentials } = operation.getSession("payments");
  const client = new OrgConnectionsClient({
    ...credentials,
    clock: createFakeClock(),
    random: () => 1,
    retry: { maxAttempts: 2 },
  });
  const session = new Session(credentials, () => Promise.resolve(client));
  return { ...operation, getSession: () => session };
}
