/**
 * The recordings of all versions: their states, programs and previews with the current code and the real engine. The sandbox contains the
 * connections that the state names.
 */
import { expect, test } from "vitest";
import { listWrites } from "../engine/expect-settled.js";
import type { Stack } from "../engine/stack.js";
import { deriveContent, listStateConnections, type StateConnection } from "./derive-content.js";
import { fillPlaceholders } from "./normalize-recording.js";
import { listOperations, parsePreview, parseStackState, sortResources } from "./stack-state.js";
import { readRecordings, type Recording } from "./recordings.js";
import { startSandboxWith } from "./start-sandbox.js";
import { createUpgradeStack, writeProgramFiles, type ProgramFiles } from "./upgrade-stack.js";

/** The types that an update changes, in JavaScript and in YAML. Each occurrence in a program is one connection. */
const CHANGED_TYPES = /\["?logs"?, "?metrics"?\]/g;
const NEW_TYPES = ["audit"];

test.each(readRecordings())(
  "$version, $stack: no change in preview and refresh, then an update of types and a destroy",
  async (recording) => {
    const sandbox = await startSandboxWith(deriveContent(recording.resources));
    const stack = createUpgradeStack(sandbox, recording.program);
    const listWritten = () => listWrites({ requests: sandbox.requests.map(({ method }) => method) });
    const listLive = () =>
      sandbox.listConnections().map(({ id, connectionTypes }) => ({ id, connectionTypes }));
    try {
      await importState(stack, fillPlaceholders(recording.state, sandbox));
      expect(listOperations(parsePreview(await stack.previewAsJson()))).toEqual(
        listOperations(recording.preview),
      );
      const connections = listStateConnections(recording.resources);
      const undeclared = filterByRole(connections, "undeclared");
      // For a set with undeclared connections, the engine reports a change, because the next update deletes them.
      const flags = undeclared.length > 0 ? [] : ["--expect-no-changes"];
      const refreshed = await stack.refresh(...flags);
      expect([refreshed.code, refreshed.errors], refreshed.output).toEqual([0, []]);
      expect(await exportResources(stack)).toEqual(toComparable(fillPlaceholders(recording.state, sandbox)));
      expect(listWritten()).toEqual([]);

      const { changed, program } = changeTypes(recording);
      writeProgramFiles(stack, program);
      const updated = await stack.expectUp();
      expect(listWrites(updated).sort()).toEqual([
        ...undeclared.map(() => "DELETE"),
        ...Array.from({ length: changed }, () => "PATCH"),
      ]);
      expect(listLive()).toEqual(connections.flatMap(toChangedConnection));

      const destroyed = await stack.destroy();
      expect([destroyed.code, destroyed.errors], destroyed.output).toEqual([0, []]);
      expect(listWrites(destroyed)).toEqual(filterByRole(connections, "managed").map(() => "DELETE"));
      expect(listLive().map(({ id }) => id)).toEqual(
        filterByRole(connections, "reference").map(({ id }) => id),
      );
    } finally {
      stack.dispose();
      await sandbox.close();
    }
  },
  120_000,
);

/** Imports the resources of a recording. The rest of the state is that of a new stack, whose secrets have another key. */
const importState = (stack: Stack, state: string): Promise<void> =>
  stack.editState((text) => {
    const { deployment, ...rest } = JSON.parse(text) as { deployment: object };
    const recording = JSON.parse(state) as { deployment: object };
    return JSON.stringify({ ...rest, deployment: { ...deployment, ...recording.deployment } });
  });

/** Exports the resources of the state, with decrypted secrets as in a recording. */
async function exportResources(stack: Stack) {
  const { stdout } = await stack.runPulumi(["stack", "export", "--show-secrets"]);
  return toComparable(stdout);
}

/** Returns what a refresh must not change. The engine omits the dependencies of properties then, and replaces the inputs of a view. */
const toComparable = (state: string) =>
  sortResources(parseStackState(state)).map(({ urn, id, provider, external, inputs, outputs }) => ({
    urn,
    id,
    provider,
    external,
    inputs: external ? {} : inputs,
    outputs,
  }));

function changeTypes({ program }: Recording): { changed: number; program: ProgramFiles } {
  const files = Object.entries(program);
  const changed = files.flatMap(([, text]) => [...text.matchAll(CHANGED_TYPES)]).length;
  expect(changed).toBeGreaterThan(0);
  return {
    changed,
    program: Object.fromEntries(
      files.map(([name, text]) => [name, text.replaceAll(CHANGED_TYPES, JSON.stringify(NEW_TYPES))]),
    ),
  };
}

/** Returns what is live after the update. */
function toChangedConnection({ id, role, connectionTypes }: StateConnection) {
  if (role === "undeclared") return [];
  const isChanged = role === "managed" && connectionTypes.length === 2;
  return [{ id, connectionTypes: isChanged ? NEW_TYPES : connectionTypes }];
}

const filterByRole = (connections: readonly StateConnection[], role: StateConnection["role"]) =>
  connections.filter((connection) => connection.role === role);
