/** For which previews a state shows the unchanged connections. */
import { expect, it } from "vitest";
import { joinPreviews } from "../../../cli/src/changes/join-previews.js";
import { parsePreview } from "../../../cli/src/stack/formats.js";
import { listStateLocations } from "../../../cli/src/stack/pulumi-state.js";
import { createShownState } from "../plans.js";
import { createSingle } from "./steps.js";

const hub = createSingle("to-hub", "hub", "logs");
const createPreview = (stack: string) => {
  const newState = { ...hub, urn: hub.urn.replace(":dev:", `:${stack}:`) };
  return parsePreview(JSON.stringify({ steps: [{ op: "create", urn: newState.urn, newState }] }), stack);
};
const [dev, prod] = [createPreview("dev"), createPreview("prod")];
const createStack = { op: "create", urn: "urn:pulumi:new::acme::pulumi:pulumi:Stack::acme-new" };
const created = parsePreview(JSON.stringify({ steps: [createStack] }), "new");

it("an exported state names its stack; one without resources names none; another format is no export", () => {
  const createExport = (resources: unknown[]) => ({ version: 3, deployment: { resources } });
  expect(listStateLocations(createExport([{ type: "x" }, hub]))).toEqual(["acme/dev"]);
  expect(listStateLocations(createExport([]))).toEqual([undefined]);
  // As the engine writes it.
  expect(listStateLocations({ version: 3, deployment: { manifest: {} } })).toEqual([undefined]);
  expect(listStateLocations({ version: 4, resources: [] })).toEqual([]);
  expect(listStateLocations(createShownState({}))).toEqual([]);
});

it("a state counts for the preview of its stack", () => {
  expect(joinPreviews([dev], [], new Set(["acme/dev"])).isUnchangedKnown).toBe(true);
  expect(joinPreviews([dev], [], new Set(["acme/prod"])).isUnchangedKnown).toBe(false);
  expect(joinPreviews([dev, prod], [], new Set(["acme/dev"])).isUnchangedKnown).toBe(false);
  expect(joinPreviews([dev, prod], [], new Set(["acme/dev", "acme/prod"])).isUnchangedKnown).toBe(true);
  // A stack that does not exist yet has no state.
  expect(joinPreviews([created, prod], [], new Set(["acme/prod"])).isUnchangedKnown).toBe(true);
});

it("a state that names no stack counts only if there is one preview", () => {
  expect(joinPreviews([dev], [], new Set([undefined])).isUnchangedKnown).toBe(true);
  expect(joinPreviews([dev, prod], [], new Set([undefined])).isUnchangedKnown).toBe(false);
});
