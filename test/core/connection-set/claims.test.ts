import { describe, expect, test } from "vitest";
import {
  check,
  checkSet,
  create,
  diff,
  diffSet,
  read,
  readSet,
  syncSet,
  type SetState,
} from "../../../core/src/index.js";
import {
  OTHER_PAIRS,
  parseOtherPairs,
  type ResourcePairs,
} from "../../../core/src/operation/program-declarations.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { createEntry, createOperation, useSandbox, type Operation } from "../connection/operation.js";
import { requireKnownInputs, listLive, createSetInputs } from "./operation.js";

// An exclusive set of "payments", and resources of "pay", which is another name of the same organization.
const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };
const createExclusive = () => createSetInputs(sandbox(), LOGS, { exclusive: true });
const createSecondName = () => ({ pay: createEntry(sandbox(), "payments") });
const createContext = (organizations: Record<string, { id?: string }> = createSecondName()) =>
  createOperation(sandbox(), { organizations });

/** Creates a set whose state has an undeclared connection to security, which a resource of "pay" manages. */
async function createUndeclared(): Promise<{ olds: SetState; id: string }> {
  const id = sandbox().connect({ source: "payments", sink: "security" });
  const olds = await syncSet(createContext(), undefined, createExclusive());
  expect(olds.undeclared).toEqual({ [getOrgId("security")]: id });
  sandbox().clearRequests();
  return { olds, id };
}

/** Runs the set's step in an `up` of this operation. Returns its change, its state and the live connections. */
async function runStep(context: Operation, olds: SetState, others: ResourcePairs[] = []) {
  const news = { ...createExclusive(), [OTHER_PAIRS]: JSON.stringify(others) };
  const inputs = await requireKnownInputs(checkSet(context, { ...olds }, news));
  const { change } = await diffSet(context, olds, inputs);
  const state = change === "update" ? await syncSet(context, olds, inputs) : olds;
  return { change, state, live: listLive(sandbox()) };
}
const createSingle = () => ({ source: "pay", sinkOrgId: getOrgId("security"), connectionTypes: ["logs"] });
const createOlds = () => ({ ...createSingle(), createdAt: "", sourceOrgId: getOrgId("payments") });
const SECURITY_ROW = "payments → security: logs";

describe("an exclusive set does not delete connections that another resource of the operation manages", () => {
  test.each<[string, (context: Operation, id: string) => Promise<unknown>]>([
    ["read", (context, id) => read(context, id.toUpperCase(), createOlds())],
    ["adopted", (context) => create(context, { ...createSingle(), adopt: true })],
    [
      "compared",
      async (context, id) => {
        await check(context, createSingle(), createSingle());
        await diff(context, id, createOlds(), createSingle());
      },
    ],
    [
      "read as a member of another set",
      (context, id) =>
        readSet(context, {
          source: "pay",
          connections: {},
          members: { [getOrgId("security")]: { id, createdAt: "" } },
          sourceOrgId: getOrgId("payments"),
        }),
    ],
    [
      "compared as a member of another set",
      async (context, id) => {
        const inputs = { source: "pay", connections: { [getOrgId("security")]: ["logs"] } };
        await checkSet(context, inputs, inputs);
        const members = { [getOrgId("security")]: { id, createdAt: "" } };
        await diffSet(context, { ...inputs, members, sourceOrgId: getOrgId("payments") }, inputs);
      },
    ],
  ])("%s", async (_, claim) => {
    const { olds, id } = await createUndeclared();
    const context = createContext();
    await claim(context, id);
    const { change, live } = await runStep(context, olds);
    expect([change, live]).toEqual(["none", ["payments → observability: logs", SECURITY_ROW]]);
    expect(context.warnings.filter((warning) => warning.includes(id))).toEqual([
      expect.stringMatching(
        /exclusive set of organization "payments", and is not deleted: a resource of organization "pay"/,
      ),
    ]);
  });

  test("claimed only after diff: the update does not delete it, and its state no longer has it", async () => {
    const { olds, id } = await createUndeclared();
    const context = createContext();
    const inputs = await requireKnownInputs(checkSet(context, { ...olds }, { ...createExclusive() }));
    expect(await diffSet(context, olds, inputs)).toEqual({ change: "update" });
    await read(context, id, createOlds());
    expect(await syncSet(context, olds, inputs)).not.toHaveProperty("undeclared");
    expect(listLive(sandbox())).toContain(SECURITY_ROW);
  });

  test("created in the same operation: it is not undeclared", async () => {
    const context = createContext();
    await create(context, createSingle());
    expect(await syncSet(context, undefined, createExclusive())).not.toHaveProperty("undeclared");
  });

  test("a set that is read concurrently with another resource does not list that resource's connection as undeclared", async () => {
    const { olds, id } = await createUndeclared();
    const context = createContext();
    const [{ state, inputs }] = await Promise.all([readSet(context, olds), read(context, id, createOlds())]);
    expect(state).not.toHaveProperty("undeclared");
    expect(inputs.connections).toEqual(createExclusive().connections);
  });

  test("a `get` claims nothing", async () => {
    const { olds, id } = await createUndeclared();
    const context = createContext();
    await read(context, id, { source: "pay" });
    expect((await runStep(context, olds)).live).toEqual(["payments → observability: logs"]);
  });
});

describe("pairs that other resources of the program declare, before the engine has shown them", () => {
  const createOtherPairs = (more: Partial<ResourcePairs> = {}): ResourcePairs => ({
    resource: 'OrgConnection "other"',
    source: "pay",
    sinks: [getOrgId("security")],
    ...more,
  });
  const BOTH_ROWS = ["payments → observability: logs", SECURITY_ROW];
  const ONE_ROW = ["payments → observability: logs"];

  test("by a name of the same organization are not deleted, and the warning names both", async () => {
    const { olds } = await createUndeclared();
    const context = createContext();
    const { change, live } = await runStep(context, olds, [createOtherPairs()]);
    expect([change, live]).toEqual(["none", BOTH_ROWS]);
    expect(context.warnings.join()).toContain(
      'organization "payments", and is not deleted: OrgConnection "other", of organization "pay", declares it',
    );
  });

  test("by a name of another organization do not count", async () => {
    const { olds } = await createUndeclared();
    expect((await runStep(createContext(), olds, [createOtherPairs({ source: "checkout" })])).live).toEqual(
      ONE_ROW,
    );
  });

  test("by a name with another configured id do not count, without a request", async () => {
    const { olds } = await createUndeclared();
    const context = createContext({
      pay: { ...createEntry(sandbox(), "readonly"), id: getOrgId("readonly") },
    });
    expect((await runStep(context, olds, [createOtherPairs()])).live).toEqual(ONE_ROW);
  });

  test.each(["payments", "readonly"])("by a name without credentials and with the id of %s", async (key) => {
    const { olds } = await createUndeclared();
    const context = createContext({ pay: { id: getOrgId(key) } });
    expect((await runStep(context, olds, [createOtherPairs()])).live).toEqual(
      key === "payments" ? BOTH_ROWS : ONE_ROW,
    );
    expect(context.warnings.join()).not.toContain("Configure the `id`");
  });

  test("by a name of an unproven organization are not deleted, and the warning says what to do", async () => {
    const { olds } = await createUndeclared();
    for (const pay of [createEntry(sandbox(), "readonly"), {}]) {
      const context = createContext({ pay });
      expect((await runStep(context, olds, [createOtherPairs()])).live).toEqual(BOTH_ROWS);
      expect(context.warnings.join()).toContain(
        'it is unknown whether organization "pay" is organization ' +
          `${getOrgId("payments")}. Configure the \`id\` of both`,
      );
    }
  });

  test("to another destination do not count; to unknown destinations they do", async () => {
    const { olds } = await createUndeclared();
    const unknownSinks = { resource: createOtherPairs().resource, source: "pay" };
    const context = createContext();
    expect((await runStep(context, olds, [unknownSinks])).live).toEqual(BOTH_ROWS);
    expect(context.warnings.join()).toContain(
      'of organization "pay", may declare it, because its destinations are not known yet.',
    );
    expect(
      (await runStep(createContext(), olds, [createOtherPairs({ sinks: [getOrgId("search")] })])).live,
    ).toEqual(ONE_ROW);
  });

  test("by the default organization, and by an unknown name, are not deleted", async () => {
    const { olds } = await createUndeclared();
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    const env = { DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    const byDefault = createOperation(sandbox(), { env });
    expect((await runStep(byDefault, olds, [createOtherPairs({ source: null })])).live).toEqual(BOTH_ROWS);
    const context = createContext();
    const unknownSource = { resource: createOtherPairs().resource };
    expect((await runStep(context, olds, [unknownSource])).live).toEqual(BOTH_ROWS);
    expect(context.warnings.join()).toContain(
      "may declare it, because its `source` is not known yet. Set `source` to a string instead of an output.",
    );
  });

  test.each([undefined, UNKNOWN, "{}", '[{"sinks":[]}]', 7])("a hint %j has no pairs", (hint) => {
    expect(parseOtherPairs(hint)).toEqual([]);
  });
});
