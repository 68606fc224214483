import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, PUBLISHED } from "../../tools/packed-package.mjs";
import { usePackagesApart } from "../../tools/packages-apart.mjs";
import { npmCommand, npmEnv } from "../../tools/npm-command.mjs";
import { ROOT } from "../tree.js";

/** Outside the tree, so that nothing of it can be resolved from there. */
const place = mkdtempSync(path.join(tmpdir(), "published-"));
let tarballs: Awaited<ReturnType<typeof packAll>>;
beforeAll(async () => {
  tarballs = await packAll(path.join(place, "tarballs"));
}, 60_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
}
const manifestOf = (name: string) =>
  JSON.parse(readFileSync(path.join(ROOT, name, "package.json"), "utf8")) as Manifest;

describe.each(PUBLISHED)("the package in %s", (name) => {
  test("publint finds nothing", async () => {
    const { messages } = await publint({ pack: { tarball: arrayBufferOf(tarballs[name]) }, strict: true });
    expect(messages).toEqual([]);
  });

  test("arethetypeswrong finds nothing", async () => {
    const tarball = createPackageFromTarballData(new Uint8Array(arrayBufferOf(tarballs[name])));
    const analysis = await checkPackage(tarball);
    // The command line has no module to import, so it has no types.
    if (name === "cli") {
      expect(analysis.types).toBe(false);
      return;
    }
    if (analysis.types === false) throw new Error("the package has no types");
    // `moduleResolution: node10` reads no `exports`. The engine alone loads "./host", by `require`.
    const problems = analysis.problems.filter(
      (one) => !("resolutionKind" in one && one.resolutionKind === "node10" && one.entrypoint === "./host"),
    );
    expect(problems).toEqual([]);
  });

  test("code and types know nothing of core, and import() is a require", () => {
    const dist = path.join(ROOT, name, "dist");
    for (const file of readdirSync(dist)) {
      const text = readFileSync(path.join(dist, file), "utf8");
      expect([file, /datadog-org-connections-core/.test(text)]).toEqual([file, false]);
      // Jest runs no import(). The command line loads modules by it that are no CommonJS.
      if (name !== "cli") expect([file, /\bimport\(/.test(text)]).toEqual([file, false]);
    }
  });

  test("it has the version of all", () => {
    expect(manifestOf(name).version).toBe(manifestOf("core").version);
  });
});

test("core is compiled with the versions that the published packages depend on", () => {
  const wanted = manifestOf("core").dependencies;
  expect(manifestOf("provider").dependencies).toEqual(wanted);
  expect(manifestOf("cli").dependencies).toMatchObject(wanted ?? {});
});

test("each works without the others; beside the SDK a program has axios, valibot and what they need", async () => {
  const nodeDir = path.dirname(process.execPath);
  const folders = await usePackagesApart({
    folder: path.join(place, "apart"),
    nodeDir,
    sdk: "3.248.0",
    tarballs,
  });
  const npm = npmCommand();
  const list = execFileSync(npm.command, [...npm.args, "ls", "--omit=dev", "--all", "--json"], {
    cwd: folders.provider,
    env: npmEnv(),
    encoding: "utf8",
  });
  const { dependencies } = JSON.parse(list) as Tree;
  expect(Object.keys(dependencies ?? {}).sort()).toEqual([
    "@pulumi/pulumi",
    "pulumi-datadog-org-connections",
  ]);
  const own = dependencies?.["pulumi-datadog-org-connections"]?.dependencies ?? {};
  expect(Object.keys(own).sort()).toEqual(["@pulumi/pulumi", "axios", "valibot"]);
}, 300_000);

/** What `npm ls --json` prints. */
interface Tree {
  dependencies?: Record<string, Tree>;
}

function arrayBufferOf(file: string): ArrayBuffer {
  const buffer = readFileSync(file);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}
