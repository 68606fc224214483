/**
 * The states in the recordings of all versions, with the current code of both hosts, without an engine: types, fields, defaults and provider
 * lines are those of the recording. `replay.slow.test.ts` adds the engine.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSetState, parseState } from "../../core/src/host/parse-state.js";
import { parseFields } from "../../provider/src/host/process-context.js";
import { createSetHost } from "../../provider/src/host/set-host.js";
import { createSingleHost } from "../../provider/src/host/single-host.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import { createOperation } from "../core/connection/operation.js";
import { findCanaries } from "../engine/canaries.js";
import { configure, openResource, usePlugin } from "../plugin/engine-calls.js";
import { ROOT } from "../tree.js";
import { deriveContent } from "./derive-content.js";
import { getProviderName, isOwnResource, type StackResource } from "./stack-state.js";
import { readRecordings, VERSIONS } from "./recordings.js";
import { TYPES } from "./types.js";
import { createStackEnv, DEFAULT_KEY, startSandboxWith } from "./start-sandbox.js";

const startPlugin = usePlugin();
const recordings = readRecordings();

/** What a host does with a resource of a recording. */
interface HostResult {
  /** The inputs after a check of the same inputs. */
  checked: unknown;
  changes: boolean | undefined;
  read: { id: string | undefined; inputs: unknown; outputs: unknown };
}

test("the version of the packages has a recording: otherwise, run `npm run upgrade:record`", () => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(ROOT, "provider/package.json"), "utf8"));
  expect(VERSIONS).toContain((manifest as { version: string }).version);
});

test.each(VERSIONS)("version %s: the types in the states exist", (version) => {
  const types = recordings
    .filter((recording) => recording.version === version)
    .flatMap(({ resources }) => resources.filter(isOwnResource).map(({ type }) => type));
  expect(types.length).toBeGreaterThan(0);
  expect(TYPES).toEqual(expect.arrayContaining(types));
});

describe.each(recordings)("$version, $stack", ({ stack, program, state, resources }) => {
  const own = resources
    .filter(isOwnResource)
    .map((resource) => ({ ...resource, name: resource.urn.split("::")[3] ?? "" }));
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandboxWith(deriveContent(resources));
  });
  afterAll(() => sandbox.close());

  test("no file contains a key or a path of a machine", () => {
    for (const text of [state, ...Object.values(program)]) {
      expect(findCanaries(text)).toEqual([]);
      expect(text).not.toMatch(/sandbox-(api|app)-key|127\.0\.0\.1|\/home\/|\/work\//);
    }
  });

  test.each(own)("the state of $name has the fields of the current code", ({ type, outputs }) => {
    const parse = type.endsWith("Set") ? parseSetState : parseState;
    expect(parse(outputs)).toEqual(parseFields(outputs));
  });

  test.each(own)("$name is read without a difference, and its inputs are no change", async (resource) => {
    const { id, inputs, outputs, external } = resource;
    const { checked, changes, read } = await (resource.type.startsWith("pulumi-nodejs:")
      ? callDynamicHost(sandbox, resource)
      : callPlugin(sandbox, resource));
    expect([read.id, read.outputs]).toEqual([id, outputs]);
    // The program of a view has only its source.
    if (external) return;
    expect(checked).toEqual(parseFields(inputs));
    expect(read.inputs).toEqual(inputs);
    expect(changes).toBe(stack === "undeclared");
  });
});

async function callDynamicHost(
  sandbox: Sandbox,
  { type, id = "", external, inputs, outputs }: StackResource,
): Promise<HostResult> {
  const createHost = type.endsWith("Set") ? createSetHost : createSingleHost;
  const env = { ...createStackEnv(sandbox), DD_HOST__DEFAULT: sandbox.url };
  const host = createHost({ ...createOperation(sandbox, { env }), configure: () => Promise.resolve() });
  const read = await host.read(id, outputs);
  const live = toPlain(read);
  if (external) return { checked: undefined, changes: undefined, read: live };
  // As in a refresh, before any check.
  const { changes } = await host.diff(id, outputs, inputs);
  const checked = await host.check(inputs, inputs);
  expect(checked.failures).toEqual([]);
  return { checked: checked.inputs, changes, read: live };
}

/** The properties as the engine gets them: with the value of the provider line. */
const toPlain = ({ id, props, inputs }: { id?: string | undefined; props?: unknown; inputs?: unknown }) => ({
  id,
  outputs: JSON.parse(JSON.stringify(props)) as unknown,
  inputs: JSON.parse(JSON.stringify(inputs)) as unknown,
});

async function callPlugin(sandbox: Sandbox, resource: StackResource): Promise<HostResult> {
  const provider = getProviderName(resource);
  const started = await startPlugin();
  const { apiKey, appKey } = sandbox.getOrganization(provider === "default" ? DEFAULT_KEY : provider);
  if (provider === "default") await configure(started, sandbox, { apiKey, appKey });
  else await started.configure({ apiKey, appKey, url: sandbox.url }, provider);
  const { read, check, diff } = openResource(
    started,
    resource.type.endsWith("Set") ? "OrgConnectionSet" : "OrgConnection",
    "upgraded",
  );
  const saved = resource as unknown as Parameters<typeof read>[0];
  const live = await read(saved);
  if (resource.external) return { checked: undefined, changes: undefined, read: live };
  const { changes } = await diff(saved, saved.inputs);
  const checked = await check(saved.inputs, saved.inputs);
  expect(checked.failures).toEqual([]);
  return { checked: checked.inputs, changes, read: live };
}
