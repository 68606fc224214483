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
  type RecordedSet,
} from "../../../core/src/index.js";
import { OTHER_PAIRS, otherPairsOf, type OtherPairs } from "../../../core/src/operation/other-pairs.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { entryOf, operation, useSandbox, type Operation } from "../connection/operation.js";
import { accepted, liveTexts, wantedSet } from "./operation.js";

// An exclusive set of "payments", beside resources of "pay", which is another name of the same organization.
const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const LOGS = { observability: ["logs"] };
const exclusive = () => wantedSet(sandbox(), LOGS, { exclusive: true });
const second = () => ({ pay: entryOf(sandbox(), "payments") });
const begin = (organizations: Record<string, { id?: string }> = second()) =>
  operation(sandbox(), { organizations });

/** A set whose state shows an undeclared connection to security, which a resource of "pay" holds. */
async function shown(): Promise<{ olds: RecordedSet; id: string }> {
  const id = sandbox().connect({ source: "payments", sink: "security" });
  const olds = await syncSet(begin(), undefined, exclusive());
  expect(olds.strangers).toEqual({ [idOf("security")]: id });
  sandbox().clearRequests();
  return { olds, id };
}

/** The set's step in an `up` of this operation: what is live after it, and its state. */
async function step(world: Operation, olds: RecordedSet, others: OtherPairs[] = []) {
  const news = { ...exclusive(), [OTHER_PAIRS]: JSON.stringify(others) };
  const wanted = await accepted(checkSet(world, { ...olds }, news));
  const { change } = await diffSet(world, olds, wanted);
  const state = change === "update" ? await syncSet(world, olds, wanted) : olds;
  return { change, state, live: liveTexts(sandbox()) };
}
const single = () => ({ source: "pay", sinkOrgId: idOf("security"), connectionTypes: ["logs"] });
const held = () => ({ ...single(), createdAt: "", sourceOrgId: idOf("payments") });
const KEPT = "payments → security: logs";

describe("what another resource of the operation holds is not deleted by an exclusive set", () => {
  test.each<[string, (world: Operation, id: string) => Promise<unknown>]>([
    ["read", (world, id) => read(world, id.toUpperCase(), held())],
    ["adopted", (world) => create(world, { ...single(), adopt: true })],
    [
      "compared",
      async (world, id) => {
        await check(world, single(), single());
        await diff(world, id, held(), single());
      },
    ],
    [
      "read as a member of another set",
      (world, id) =>
        readSet(world, {
          source: "pay",
          connections: {},
          members: { [idOf("security")]: { id, createdAt: "" } },
          sourceOrgId: idOf("payments"),
        }),
    ],
    [
      "compared as a member of another set",
      async (world, id) => {
        const wanted = { source: "pay", connections: { [idOf("security")]: ["logs"] } };
        await checkSet(world, wanted, wanted);
        const members = { [idOf("security")]: { id, createdAt: "" } };
        await diffSet(world, { ...wanted, members, sourceOrgId: idOf("payments") }, wanted);
      },
    ],
  ])("%s", async (_, hold) => {
    const { olds, id } = await shown();
    const world = begin();
    await hold(world, id);
    const { change, live } = await step(world, olds);
    expect([change, live]).toEqual(["none", ["payments → observability: logs", KEPT]]);
    expect(world.warnings.filter((warning) => warning.includes(id))).toEqual([
      expect.stringMatching(
        /exclusive set of organization "payments", and is not deleted: a resource of organization "pay"/,
      ),
    ]);
  });

  test("held since the comparison only: the update leaves it alone, and its state shows it no more", async () => {
    const { olds, id } = await shown();
    const world = begin();
    const wanted = await accepted(checkSet(world, { ...olds }, { ...exclusive() }));
    expect(await diffSet(world, olds, wanted)).toEqual({ change: "update" });
    await read(world, id, held());
    expect(await syncSet(world, olds, wanted)).not.toHaveProperty("strangers");
    expect(liveTexts(sandbox())).toContain(KEPT);
  });

  test("created in the same operation: it is not undeclared", async () => {
    const world = begin();
    await create(world, single());
    expect(await syncSet(world, undefined, exclusive())).not.toHaveProperty("strangers");
  });

  test("a set that is read while another resource is read does not show what that one holds", async () => {
    const { olds, id } = await shown();
    const world = begin();
    const [{ recorded, wanted }] = await Promise.all([readSet(world, olds), read(world, id, held())]);
    expect(recorded).not.toHaveProperty("strangers");
    expect(wanted.connections).toEqual(exclusive().connections);
  });

  test("a view by `get` holds nothing", async () => {
    const { olds, id } = await shown();
    const world = begin();
    await read(world, id, { source: "pay" });
    expect((await step(world, olds)).live).toEqual(["payments → observability: logs"]);
  });
});

describe("what other resources of the program declare, before the engine has shown them", () => {
  const declared = (more: Partial<OtherPairs> = {}): OtherPairs => ({
    resource: 'OrgConnection "other"',
    source: "pay",
    sinks: [idOf("security")],
    ...more,
  });
  const LEFT = ["payments → observability: logs", KEPT];
  const ENDED = ["payments → observability: logs"];

  test("by a name of the same organization is left to them, and both are named", async () => {
    const { olds } = await shown();
    const world = begin();
    const { change, live } = await step(world, olds, [declared()]);
    expect([change, live]).toEqual(["none", LEFT]);
    expect(world.warnings.join()).toContain(
      'organization "payments", and is not deleted: OrgConnection "other", of organization "pay", declares it',
    );
  });

  test("by a name of another organization is no reason", async () => {
    const { olds } = await shown();
    expect((await step(begin(), olds, [declared({ source: "checkout" })])).live).toEqual(ENDED);
  });

  test("by a name with another configured id is no reason, and costs no request", async () => {
    const { olds } = await shown();
    const world = begin({ pay: { ...entryOf(sandbox(), "readonly"), id: idOf("readonly") } });
    expect((await step(world, olds, [declared()])).live).toEqual(ENDED);
  });

  test("by a name of which nothing proves whose it is is left alone, with the way on", async () => {
    const { olds } = await shown();
    for (const pay of [entryOf(sandbox(), "readonly"), {}]) {
      const world = begin({ pay });
      expect((await step(world, olds, [declared()])).live).toEqual(LEFT);
      expect(world.warnings.join()).toContain("Configure the `id` of both");
    }
  });

  test("to another destination is no reason; to destinations that are not known yet it is one", async () => {
    const { olds } = await shown();
    const unknownSinks = { resource: declared().resource, source: "pay" };
    expect((await step(begin(), olds, [unknownSinks])).live).toEqual(LEFT);
    expect((await step(begin(), olds, [declared({ sinks: [idOf("search")] })])).live).toEqual(ENDED);
  });

  test("by the default organization, and by a name that is not known yet", async () => {
    const { olds } = await shown();
    const { apiKey, appKey } = sandbox().organization("payments");
    const env = { DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    const byDefault = operation(sandbox(), { env });
    expect((await step(byDefault, olds, [declared({ source: null })])).live).toEqual(LEFT);
    const unknownSource = { resource: declared().resource, sinks: [idOf("security")] };
    expect((await step(begin(), olds, [unknownSource])).live).toEqual(LEFT);
  });

  test.each([undefined, UNKNOWN, "{}", '[{"sinks":[]}]', 7])("a hint %j says nothing", (hint) => {
    expect(otherPairsOf(hint)).toEqual([]);
  });
});
