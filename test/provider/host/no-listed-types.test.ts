/** A refresh saves the live types in the inputs of the state. Datadog may list none, although no program can declare that. */
import { expect, test } from "vitest";
import type { DynamicHost } from "../../../provider/src/host/dynamic.js";
import {
  INPUT_PROVIDER_LINE,
  OUTPUT_PROVIDER_LINE,
  SET_INPUT_PROVIDER_LINE,
  SET_OUTPUT_PROVIDER_LINE,
} from "../../../core/src/host/provider-lines.js";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import {
  createDeclared,
  createOperation,
  useSandbox,
  type Operation,
} from "../../core/connection/operation.js";
import { createDeclaredSet, createSetInputs, listLive } from "../../core/connection-set/operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };

interface Saved {
  inputs: object;
  outputs: object;
}
type CreateHost = (context: Operation & { configure: () => Promise<void> }) => DynamicHost;

/** Creates the hosts of an operation. */
function openOperation(create: CreateHost) {
  const context = { ...createOperation(sandbox()), configure: () => Promise.resolve() };
  return { host: create(context), context };
}

/** Refreshes like the engine, which also calls diff with the inputs of the state. */
async function refresh(create: CreateHost, id: string, saved: Saved): Promise<Saved> {
  const { host } = openOperation(create);
  const { inputs, props } = (await host.read(id, saved.outputs)) as { inputs: object; props: object };
  await host.diff(id, props, saved.inputs);
  return { inputs, outputs: props };
}

/** Runs an `up` of a changed resource, without a failure of check and without a notice of an adoption. */
async function runUpdate(create: CreateHost, id: string, saved: Saved, news: object): Promise<void> {
  const { host, context } = openOperation(create);
  const { inputs, failures } = (await host.check(saved.inputs, news)) as {
    inputs: object;
    failures: unknown;
  };
  expect(failures).toEqual([]);
  expect(await host.diff(id, saved.outputs, inputs)).toEqual({ changes: true });
  await host.update(id, saved.outputs, inputs);
  expect(context.warnings.join("\n")).not.toContain("adopt");
}

async function createSavedSet(more: { exclusive?: boolean } = {}): Promise<Saved & { id: string }> {
  const state = await createDeclaredSet(sandbox(), LOGS, more);
  const inputs = { ...createSetInputs(sandbox(), LOGS, more), __provider: SET_INPUT_PROVIDER_LINE };
  return { id: state.sourceOrgId, inputs, outputs: { ...state, __provider: SET_OUTPUT_PROVIDER_LINE } };
}

test("an undeclared connection without types stays undeclared after two refreshes, and the next up deletes it", async () => {
  const { id, ...saved } = await createSavedSet({ exclusive: true });
  const undeclared = sandbox().connect({ source: "payments", sink: "security", connectionTypes: [] });
  const refreshed = await refresh(createSetHost, id, await refresh(createSetHost, id, saved));
  expect(refreshed.outputs).toMatchObject({ undeclared: { [getOrgId("security")]: undeclared } });
  await runUpdate(createSetHost, id, refreshed, createSetInputs(sandbox(), LOGS, { exclusive: true }));
  expect(listLive(sandbox())).toEqual(["payments → observability: logs"]);
});

test("a member that lost its types gets the declared ones", async () => {
  const { id, ...saved } = await createSavedSet();
  sandbox().changeTypes(sandbox().listConnections()[0]?.id ?? "", []);
  const refreshed = await refresh(createSetHost, id, await refresh(createSetHost, id, saved));
  expect(refreshed.inputs).toMatchObject({ connections: { [getOrgId("observability")]: [] } });
  await runUpdate(createSetHost, id, refreshed, createSetInputs(sandbox(), LOGS));
  expect(listLive(sandbox())).toEqual(["payments → observability: logs"]);
});

test("a single connection that lost its types gets the declared ones", async () => {
  const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
  const news = { source: "payments", sinkOrgId: getOrgId("observability"), connectionTypes: ["logs"] };
  const saved = {
    inputs: { ...news, __provider: INPUT_PROVIDER_LINE },
    outputs: { ...state, __provider: OUTPUT_PROVIDER_LINE },
  };
  sandbox().changeTypes(connectionId, []);
  const once = await refresh(createSingleHost, connectionId, saved);
  const refreshed = await refresh(createSingleHost, connectionId, once);
  expect(refreshed.inputs).toMatchObject({ connectionTypes: [] });
  await runUpdate(createSingleHost, connectionId, refreshed, news);
  expect(listLive(sandbox())).toEqual(["payments → observability: logs"]);
});

test.each<[string, CreateHost, () => object]>([
  [
    "an OrgConnection",
    createSingleHost,
    () => ({ sinkOrgId: getOrgId("observability"), connectionTypes: [], source: "payments" }),
  ],
  ["an OrgConnectionSet", createSetHost, () => createSetInputs(sandbox(), { observability: [] })],
])("the program of %s may still not declare an empty list", async (_, create, declare) => {
  const { failures } = (await openOperation(create).host.check({}, declare())) as {
    failures: { reason: string }[];
  };
  expect(failures).toMatchObject([{ reason: expect.stringContaining("is empty") as string }]);
});
