import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatAddCommand } from "../../../core/src/program/add-package.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "add-package-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function createProgram(lockfiles: { repository?: string; program?: string }): string {
  const program = path.join(root, "apps", "sharing");
  mkdirSync(program, { recursive: true });
  if (lockfiles.repository !== undefined) writeFileSync(path.join(root, lockfiles.repository), "");
  if (lockfiles.program !== undefined) writeFileSync(path.join(program, lockfiles.program), "");
  return program;
}

test.each([
  [{ repository: "pnpm-lock.yaml" }, "pnpm add"],
  [{ repository: "pnpm-lock.yaml", program: "package-lock.json" }, "npm install"],
  [{ repository: "package-lock.json", program: "yarn.lock" }, "yarn add"],
  [{ program: "bun.lock" }, "bun add"],
])("the lockfile that is nearest to the program decides: %j", (lockfiles, command) => {
  const program = createProgram(lockfiles);
  expect(formatAddCommand("axios", program)).toBe(`${command} axios (in ${program})`);
});
