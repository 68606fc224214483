import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createShownState, createValues } from "../../plans.js";
import { runCommand } from "../../run-command.js";
import { createPreview, create, createState } from "./stack-previews.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "missing-state-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const UNKNOWN = "because unchanged connections are unknown";
const STACK = { urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev", type: "pulumi:pulumi:Stack" };
const createExport = (...resources: object[]) => ({ version: 3, deployment: { resources } });

it.each<[string, object, number]>([
  ["of the stack", createExport(STACK), 3],
  ["without resources", createExport(), 3],
  ["without resources, as the engine writes it", { version: 3, deployment: { manifest: {} } }, 3],
  ["of another stack", createState("prod"), 5],
  ["of Terraform", createShownState({ "datadog_org_connection.this": createValues("c2") }), 5],
  ["of Terraform without connections", createShownState({}), 5],
])("with a state %s, a single preview has the exit code of maxDestinations: %#", async (_, state, code) => {
  const write = (name: string, value: unknown) =>
    writeFileSync(path.join(folder, name), JSON.stringify(value));
  write("preview.json", createPreview("dev", [create("dev")]));
  write("state.json", state);
  write("policy.json", { maxDestinations: [{ max: 1 }] });
  const args = ["preview.json", "--state", "state.json", "--policy", "policy.json"];
  const { code: exitCode, stdout } = await runCommand(["review", ...args], { cwd: folder });
  expect([exitCode, stdout.includes(UNKNOWN)]).toEqual([code, code === 5]);
  expect(stdout.includes("_The state of this stack was not given, so unchanged connections")).toBe(
    code === 5,
  );
});
