import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages, PUBLISHED } from "../../tools/packed-package.mjs";
import { testPackagesSeparately } from "../../tools/separate-packages.mjs";
import { getNpmCommand, createNpmEnv } from "../../tools/npm-command.mjs";
import { ROOT } from "../tree.js";

/** Outside of the repository, so that its modules cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "published-"));
let tarballs: Awaited<ReturnType<typeof packPackages>>;
beforeAll(async () => {
  tarballs = await packPackages(path.join(place, "tarballs"));
}, 60_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}
const readManifest = (name: string) =>
  JSON.parse(readFileSync(path.join(ROOT, name, "package.json"), "utf8")) as Manifest;

describe.each(PUBLISHED)("the package in %s", (name) => {
  test("publint finds nothing", async () => {
    const { messages } = await publint({ pack: { tarball: readArrayBuffer(tarballs[name]) }, strict: true });
    expect(messages).toEqual([]);
  });

  test("arethetypeswrong finds nothing", async () => {
    const tarball = createPackageFromTarballData(new Uint8Array(readArrayBuffer(tarballs[name])));
    const analysis = await checkPackage(tarball);
    // The command line and the plugin have no importable module, and therefore no types.
    if (name === "cli" || name === "plugin") {
      expect(analysis.types).toBe(false);
      return;
    }
    if (analysis.types === false) throw new Error("the package has no types");
    // `moduleResolution: node10` ignores `exports`. Only the engine loads "./host", with `require`.
    const problems = analysis.problems.filter(
      (one) => !("resolutionKind" in one && one.resolutionKind === "node10" && one.entrypoint === "./host"),
    );
    expect(problems).toEqual([]);
  });

  test("code and types do not refer to core, and import() is compiled to require, except of optional libraries", () => {
    const { dependencies, peerDependencies } = readManifest(name);
    const libraries = Object.keys({ ...dependencies, ...peerDependencies });
    const dist = path.join(ROOT, name, "dist");
    for (const file of readdirSync(dist)) {
      const text = readFileSync(path.join(dist, file), "utf8");
      expect([file, /datadog-org-connections-core/.test(text)]).toEqual([file, false]);
      // Jest does not support import() without an option. Only workload identities need libraries that are loaded with it, since
      // some are not CommonJS; so does the command line. The plugin contains its libraries, whose comments have import() as a type.
      const imported = [...text.matchAll(/\bimport\("?([^")]*)/g)].map(([, library]) => library);
      if (name !== "cli" && name !== "plugin")
        expect([file, imported.filter((one) => !libraries.includes(one ?? ""))]).toEqual([file, []]);
    }
  });

  test("it has the common version", () => {
    expect(readManifest(name).version).toBe(readManifest("core").version);
  });
});

test("core has the same dependency versions as the published packages", () => {
  const expected = readManifest("core").dependencies;
  expect(readManifest("provider").dependencies).toEqual(expected);
  expect(readManifest("cli").dependencies).toMatchObject(expected ?? {});
});

test("each works without the others; besides the SDK, a program only depends on axios and valibot", async () => {
  const nodeDir = path.dirname(process.execPath);
  const folders = await testPackagesSeparately({
    folder: path.join(place, "apart"),
    nodeDir,
    sdk: "3.248.0",
    tarballs,
  });
  const npm = getNpmCommand();
  const list = execFileSync(npm.command, [...npm.args, "ls", "--omit=dev", "--all", "--json"], {
    cwd: folders.provider,
    env: createNpmEnv(),
    encoding: "utf8",
  });
  const { dependencies } = JSON.parse(list) as Tree;
  expect(Object.keys(dependencies ?? {}).sort()).toEqual([
    "@pulumi/pulumi",
    "pulumi-datadog-org-connections",
  ]);
  const own = dependencies?.["pulumi-datadog-org-connections"]?.dependencies ?? {};
  // npm also lists the optional libraries of the clouds, without a version because they are not installed.
  const installed = Object.entries(own).flatMap(([name, { version }]) =>
    version === undefined ? [] : [name],
  );
  expect(installed.sort()).toEqual(["@pulumi/pulumi", "axios", "valibot"]);
}, 300_000);

/** The output of `npm ls --json`. */
interface Tree {
  version?: string;
  dependencies?: Record<string, Tree>;
}

function readArrayBuffer(file: string): ArrayBuffer {
  const buffer = readFileSync(file);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}
