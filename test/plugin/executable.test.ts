import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ROOT } from "../tree.js";
import { connectToPlugin } from "./engine-calls.js";

const name = "pulumi-resource-datadog-org-connections";
/** Outside of the repository, so that the plugin finds no packages, with a space in its path. */
const place = mkdtempSync(path.join(tmpdir(), "plugin executable-"));
const folder = path.join(place, "package");
beforeAll(() => {
  mkdirSync(folder);
  for (const file of ["dist", "package.json", "schema.json", name]) {
    cpSync(path.join(ROOT, "plugin", file), path.join(folder, file), { recursive: true });
  }
});
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

/** Starts an executable, and returns its first line, and its errors if it ends before it prints one. */
function start(
  file: string,
  PATH = process.env["PATH"],
  more: Record<string, string> = {},
): Promise<{ line: string; errors: string }> {
  const child = spawn(file, ["127.0.0.1:1"], { cwd: tmpdir(), env: { PATH, ...more } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("\n")) resolve({ line: output.split("\n")[0] ?? "", errors });
    });
    child.on("error", reject);
    child.on("close", () => {
      resolve({ line: output, errors });
    });
  });
}

test("the package alone prints a port, from any working folder", async () => {
  expect((await start(path.join(folder, name))).line).toMatch(/^\d+$/);
});

test("it starts through a link to its folder and through a link to its file", async () => {
  symlinkSync(folder, path.join(place, "linked folder"));
  symlinkSync(path.join(folder, name), path.join(place, name));

  expect((await start(path.join(place, "linked folder", name))).line).toMatch(/^\d+$/);
  expect((await start(path.join(place, name))).line).toMatch(/^\d+$/);
});

test("without Node on PATH, the error says what to install", async () => {
  const { line, errors } = await start(path.join(folder, name), path.join(place, "empty"));

  expect(line).toBe("");
  expect(errors).toBe(
    `${name} needs Node 20 or newer, and no node is on PATH. Install it: https://nodejs.org\n`,
  );
});

test("a command that prints a token gets the environment, but not the decrypted configuration of the stack", async () => {
  const printed = path.join(place, "environment");
  const command = path.join(place, "command");
  writeFileSync(command, `#!/bin/sh\nenv > "${printed}"\nexit 1\n`);
  chmodSync(command, 0o755);
  const { line } = await start(path.join(folder, name), undefined, {
    PULUMI_CONFIG: JSON.stringify({ "datadog-org-connections:apiKey": "canary" }),
    DD_CLOUD_PROVIDER_TYPE: "oidc",
    DD_ORG_UUID: "00000000-0000-4000-8000-000000000001",
    DD_OIDC_TOKEN_COMMAND: command,
  });
  const plugin = connectToPlugin(Number(line));
  onTestFinished(() => {
    plugin.client.close();
  });
  await plugin.configure({});
  await expect(
    plugin.create({ sinkOrgId: "00000000-0000-4000-8000-000000000002", connectionTypes: ["logs"] }),
  ).rejects.toThrow("[identity-missing]");
  expect(readFileSync(printed, "utf8")).toContain("DD_OIDC_TOKEN_COMMAND=");
  expect(readFileSync(printed, "utf8")).not.toContain("canary");
});
