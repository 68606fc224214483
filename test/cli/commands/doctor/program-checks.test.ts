import { mkdirSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createFolder, type Folder } from "../../folder.js";
import { findCheck, useDoctor, type Report } from "./use-doctor.js";
import { runBuilt } from "../../built-command.js";
import { runCommand } from "../../run-command.js";

const { empty, getEnv } = useDoctor();

/** Creates a folder with a project and with packages of these versions. */
function createProgram(packages: Record<string, string>, project = "name: p\nruntime: nodejs\n"): Folder {
  const folder = createFolder(mkdtempSync(path.join(empty, "program-")));
  folder.write("Pulumi.yaml", project);
  for (const [name, version] of Object.entries(packages)) {
    folder.write(`node_modules/${name}/package.json`, { name, version });
    folder.write(`node_modules/${name}/host.js`, "");
  }
  return folder;
}
const runProgramChecks = async ({ path: cwd }: Pick<Folder, "path">, PATH: string) => {
  const { code, stdout } = await runCommand(["doctor", "--format", "json"], {
    env: { ...getEnv("payments"), PATH },
    cwd,
  });
  return [
    code,
    ...(JSON.parse(stdout) as Report).program.map(
      ({ check, cause, verdict }) => `${check}: ${cause ?? verdict}`,
    ),
  ];
};
const OURS = "pulumi-datadog-org-connections";

test("valid CLI, SDK and package", async () => {
  const folder = createProgram({ "@pulumi/pulumi": "3.216.0", [OURS]: "0.1.0" });
  expect(await runProgramChecks(folder, createPulumi("v3.216.0"))).toEqual([
    0,
    "cli: ok",
    "sdk: ok",
    "package: ok",
  ]);
});

test("a program that names the plugin needs no package, and one in another language no SDK", async () => {
  const plugin = "plugins:\n  providers:\n    - { name: datadog-org-connections, path: plugin }\n";
  const pulumi = createPulumi("v3.216.0");
  const createWithPlugin = (runtime: string) => {
    const folder = createProgram({ "@pulumi/pulumi": "3.216.0" }, `name: p\nruntime: ${runtime}\n${plugin}`);
    mkdirSync(folder.getPath("plugin"));
    return folder;
  };
  const yaml = createWithPlugin("yaml");
  expect(await runProgramChecks(yaml, pulumi)).toEqual([6, "cli: ok", "plugin: plugin"]);
  yaml.write("plugin/pulumi-resource-datadog-org-connections", "");
  expect(await runProgramChecks(yaml, pulumi)).toEqual([0, "cli: ok", "plugin: ok"]);
  const unnamed = createProgram({}, "name: p\nruntime:\n  name: python\n");
  expect(await runProgramChecks(unnamed, pulumi)).toEqual([0, "cli: ok", "plugin: unknown"]);
  const node = createWithPlugin("nodejs");
  node.write("plugin/pulumi-resource-datadog-org-connections", "");
  expect(await runProgramChecks(node, pulumi)).toEqual([0, "cli: ok", "sdk: ok", "plugin: ok"]);
});

test("old and missing versions", async () => {
  const folder = createProgram({ "@pulumi/pulumi": "3.215.9" });
  expect(await runProgramChecks(folder, createPulumi("v3.99.0"))).toEqual([
    6,
    "cli: pulumi",
    "sdk: sdk",
    "package: package",
  ]);
  expect(await runProgramChecks(createProgram({}), empty)).toEqual([
    6,
    "cli: pulumi",
    "sdk: sdk",
    "package: package",
  ]);
});

test("the package is resolved in the folder where the program runs: its `main`", async () => {
  const folder = createProgram({}, "name: p\nmain: app\n");
  folder.write("app/node_modules/@pulumi/pulumi/package.json", { version: "4.0.0" });
  expect(await runProgramChecks(folder, createPulumi("v3.300.1"))).toEqual([
    6,
    "cli: ok",
    "sdk: ok",
    "package: package",
  ]);
});

test("a package that only a library of the workspace has is not installed, though pnpm's NODE_PATH has it", async () => {
  const folder = createProgram({ "@pulumi/pulumi": "3.216.0" });
  const store = createFolder(mkdtempSync(path.join(empty, "store-")));
  const stored = "node_modules/.pnpm/node_modules";
  store.write(`${stored}/${OURS}/package.json`, { version: "0.1.0" });
  store.write(`${stored}/${OURS}/host.js`, "");
  folder.write("pnpm-lock.yaml", "");
  const env = {
    ...getEnv("payments"),
    PATH: [createPulumi("v3.216.0"), process.env["PATH"]].join(path.delimiter),
    // As in the commands that pnpm installs.
    NODE_PATH: `${store.getPath(stored)}/../node_modules`,
  };
  const { stdout } = await runBuilt(["doctor", "--format=json"], { env, cwd: folder.path });
  expect(findCheck((JSON.parse(stdout) as Report).program, "package")).toMatchObject({
    verdict: "problem",
    found: `pulumi-datadog-org-connections is not installed for the program in ${folder.path}.`,
    next: expect.stringContaining(`pnpm add pulumi-datadog-org-connections (in ${folder.path})`) as string,
  });
  // Another NODE_PATH is the user's own, which Pulumi inherits.
  const { stdout: withOwnPath } = await runBuilt(["doctor", "--format=json"], {
    env: { ...env, NODE_PATH: createProgram({ [OURS]: "0.1.0" }).getPath("node_modules") },
    cwd: folder.path,
  });
  expect(findCheck((JSON.parse(withOwnPath) as Report).program, "package")?.verdict).toBe("ok");
});

test("without a project, there is no program to check", async () => {
  expect(await runProgramChecks({ path: empty }, createPulumi("v3.216.0"))).toEqual([
    0,
    "cli: ok",
    "package: unknown",
  ]);
});

/** Creates a folder for PATH with a `pulumi` of this version. */
function createPulumi(version: string): string {
  const folder = createFolder(mkdtempSync(path.join(empty, "bin-")));
  folder.writePulumi({ version });
  return folder.path;
}
