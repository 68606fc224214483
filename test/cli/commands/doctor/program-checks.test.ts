import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findCheck, useDoctor, type Report } from "./use-doctor.js";
import { runBuilt } from "../../built-command.js";
import { runCommand } from "../../run-command.js";

const { empty, getEnv } = useDoctor();

/** Creates a folder with a project and with packages of these versions. */
function createProgram(packages: Record<string, string>, project = "name: p\nruntime: nodejs\n"): string {
  const folder = mkdtempSync(path.join(empty, "program-"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), project);
  for (const [name, version] of Object.entries(packages)) {
    const place = path.join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, "package.json"), JSON.stringify({ name, version }));
    writeFileSync(path.join(place, "host.js"), "");
  }
  return folder;
}
const runProgramChecks = async (cwd: string, PATH: string) => {
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
  expect(await runProgramChecks(folder, createFakePulumi(empty, "v3.216.0"))).toEqual([
    0,
    "cli: ok",
    "sdk: ok",
    "package: ok",
  ]);
});

test("a program that names the plugin needs no package, and one in another language no SDK", async () => {
  const plugin = "plugins:\n  providers:\n    - { name: datadog-org-connections, path: plugin }\n";
  const pulumi = createFakePulumi(empty, "v3.216.0");
  const createWithPlugin = (runtime: string) => {
    const folder = createProgram({ "@pulumi/pulumi": "3.216.0" }, `name: p\nruntime: ${runtime}\n${plugin}`);
    mkdirSync(path.join(folder, "plugin"));
    return folder;
  };
  const yaml = createWithPlugin("yaml");
  expect(await runProgramChecks(yaml, pulumi)).toEqual([6, "cli: ok", "plugin: plugin"]);
  writeFileSync(path.join(yaml, "plugin/pulumi-resource-datadog-org-connections"), "");
  expect(await runProgramChecks(yaml, pulumi)).toEqual([0, "cli: ok", "plugin: ok"]);
  const unnamed = createProgram({}, "name: p\nruntime:\n  name: python\n");
  expect(await runProgramChecks(unnamed, pulumi)).toEqual([0, "cli: ok", "plugin: unknown"]);
  const node = createWithPlugin("nodejs");
  writeFileSync(path.join(node, "plugin/pulumi-resource-datadog-org-connections"), "");
  expect(await runProgramChecks(node, pulumi)).toEqual([0, "cli: ok", "sdk: ok", "plugin: ok"]);
});

test("old and missing versions", async () => {
  const folder = createProgram({ "@pulumi/pulumi": "3.215.9" });
  expect(await runProgramChecks(folder, createFakePulumi(empty, "v3.99.0"))).toEqual([
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
  const app = path.join(folder, "app/node_modules/@pulumi/pulumi");
  mkdirSync(app, { recursive: true });
  writeFileSync(path.join(app, "package.json"), '{ "version": "4.0.0" }');
  expect(await runProgramChecks(folder, createFakePulumi(empty, "v3.300.1"))).toEqual([
    6,
    "cli: ok",
    "sdk: ok",
    "package: package",
  ]);
});

test("a package that only a library of the workspace has is not installed, though pnpm's NODE_PATH has it", async () => {
  const folder = createProgram({ "@pulumi/pulumi": "3.216.0" });
  const store = path.join(mkdtempSync(path.join(empty, "store-")), "node_modules/.pnpm/node_modules");
  mkdirSync(path.join(store, OURS), { recursive: true });
  writeFileSync(path.join(store, OURS, "package.json"), '{ "version": "0.1.0" }');
  writeFileSync(path.join(store, OURS, "host.js"), "");
  writeFileSync(path.join(folder, "pnpm-lock.yaml"), "");
  const env = {
    ...getEnv("payments"),
    PATH: [createFakePulumi(empty, "v3.216.0"), process.env["PATH"]].join(path.delimiter),
    // As in the commands that pnpm installs.
    NODE_PATH: `${store}/../node_modules`,
  };
  const { stdout } = await runBuilt(["doctor", "--format=json"], { env, cwd: folder });
  expect(findCheck((JSON.parse(stdout) as Report).program, "package")).toMatchObject({
    verdict: "problem",
    found: `pulumi-datadog-org-connections is not installed for the program in ${folder}.`,
    next: expect.stringContaining(`pnpm add pulumi-datadog-org-connections (in ${folder})`) as string,
  });
  // Another NODE_PATH is the user's own, which Pulumi inherits.
  const { stdout: withOwnPath } = await runBuilt(["doctor", "--format=json"], {
    env: { ...env, NODE_PATH: path.join(createProgram({ [OURS]: "0.1.0" }), "node_modules") },
    cwd: folder,
  });
  expect(findCheck((JSON.parse(withOwnPath) as Report).program, "package")?.verdict).toBe("ok");
});

test("without a project, there is no program to check", async () => {
  expect(await runProgramChecks(empty, createFakePulumi(empty, "v3.216.0"))).toEqual([
    0,
    "cli: ok",
    "package: unknown",
  ]);
});

/** Creates a folder for PATH with a `pulumi` that prints a version, because the tests have only one real CLI. */
function createFakePulumi(parent: string, version: string): string {
  const folder = mkdtempSync(path.join(parent, "bin-"));
  const script = `#!${process.execPath}\nconsole.log(${JSON.stringify(version)});\n`;
  writeFileSync(path.join(folder, "pulumi"), script, { mode: 0o755 });
  return folder;
}
