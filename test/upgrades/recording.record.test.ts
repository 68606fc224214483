/** Writes the recording of this version into a folder: `npm run upgrade:record` runs it (tools/upgrade-record.mjs). */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { stateSchema } from "../../core/src/connection/fields.js";
import { setStateSchema } from "../../core/src/connection-set/fields.js";
import { findCanaries } from "../engine/canaries.js";
import { ROOT } from "../tree.js";
import { recordStack, STACK_NAMES } from "./record-stack.js";
import { isOwnResource, parseStackState, type StackResource } from "./stack-state.js";
import { TYPES } from "./types.js";

const out = process.env["UPGRADES_OUT"];
const written: StackResource[] = [];

test.each(STACK_NAMES)("the recording of %s has no key and no path of this machine", async (name) => {
  if (out === undefined) throw new Error("UPGRADES_OUT is not set: run `npm run upgrade:record`");
  const files = await recordStack(name);
  for (const [file, text] of Object.entries(files)) {
    expect(findCanaries(text), file).toEqual([]);
    expect(text, file).not.toContain(ROOT);
    expect(text, file).not.toContain("127.0.0.1");
  }
  written.push(...parseStackState(files["state.json"] ?? "").filter(isOwnResource));
  const folder = path.join(out, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
});

test("the recording has every type, and every field of their states", () => {
  expect([...new Set(written.map(({ type }) => type))].sort()).toEqual(TYPES.toSorted());
  expect(listFields(":OrgConnection")).toEqual(["__provider", ...Object.keys(stateSchema.entries)].sort());
  expect(listFields(":OrgConnectionSet")).toEqual(
    ["__provider", ...Object.keys(setStateSchema.entries)].sort(),
  );
});

const listFields = (type: string): string[] => {
  const own = written.filter((resource) => resource.type.endsWith(type));
  return [...new Set(own.flatMap(({ outputs }) => Object.keys(outputs)))].sort();
};
