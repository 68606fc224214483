/** The engine binds `plugin/schema.json` without an error or a warning. `pulumi package add` and the SDKs start with this. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { ROOT } from "../tree.js";

const schema = path.join(ROOT, "plugin", "schema.json");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "schema-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `pulumi schema check` for a schema, and returns its exit code with what it printed. */
function checkSchema(text: string): { status: number | null; output: string } {
  const file = path.join(folder, "schema.json");
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync("pulumi", ["schema", "check", file], {
    encoding: "utf8",
    env: createIsolatedEnv({
      home: path.join(folder, "home"),
      backendDir: folder,
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
    }),
  });
  return { status, output: `${stdout}${stderr}` };
}

test("the engine accepts the schema", () => {
  expect(checkSchema(readFileSync(schema, "utf8"))).toEqual({ status: 0, output: "" });
});

test("it refuses a type that does not exist", () => {
  const broken = readFileSync(schema, "utf8").replace('"type": "integer"', '"type": "whole number"');
  const { status, output } = checkSchema(broken);
  expect(status).toBe(1);
  expect(output).toContain("whole number");
});
