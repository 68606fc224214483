import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { runBuilt } from "./built-command.js";

/** The command with only the dependencies in its package.json: no Pulumi program, no SDK. */
const folder = mkdtempSync(path.join(tmpdir(), "alone-"));
const installed = path.join(folder, "node_modules/datadog-org-connections");
const project = path.join(folder, "project");

beforeAll(() => {
  const source = path.join(ROOT, "cli");
  cpSync(path.join(source, "dist"), path.join(installed, "dist"), { recursive: true });
  cpSync(path.join(source, "package.json"), path.join(installed, "package.json"));
  const { dependencies } = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    const nested = path.join(source, "node_modules", name);
    symlinkSync(existsSync(nested) ? nested : path.join(ROOT, "node_modules", name), link);
  }
  mkdirSync(project);
  writeFileSync(path.join(project, "Pulumi.yaml"), "name: acme\nruntime: yaml\n");
  // Imitates `pulumi config --json` of a stack without values, and prints the same for any other command.
  writeFileSync(path.join(folder, "pulumi"), "#!/bin/sh\necho '{}'\n", { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const PLAIN = "contains `datadog-org-connections:apiKey` in plain text.";

test.each([
  ["  datadog-org-connections:apiKey: plain\n", PLAIN],
  ["  <<: { datadog-org-connections:apiKey: plain }\n", PLAIN],
  ["  datadog-org-connections:apiKey: { secure: v1:x }\n", "contains no key or token in plain text."],
  ["  [", "cannot be read, so it is unknown whether it contains a key or token in plain text."],
])("doctor reads the stack's file without Pulumi's SDK: %j", async (config, found) => {
  writeFileSync(path.join(project, "Pulumi.dev.yaml"), `config:\n${config}`);
  const { stdout, stderr } = await runBuilt(["doctor", "--stack", "dev"], {
    cwd: project,
    main: path.join(installed, "dist/main.js"),
    env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain(`Pulumi.dev.yaml ${found}`);
});

test("a command with piped output finds the dependencies of its packages through symbolic links like those of pnpm", async () => {
  const { stdout, stderr } = await runBuilt(["doctor"], {
    cwd: folder,
    main: path.join(installed, "dist/main.js"),
    env: { DD_API_KEY: "key", DD_APP_KEY: "key", DD_HOST: "http://127.0.0.1:9" },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain("Organization (default) at http://127.0.0.1:9");
});
