import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages, PUBLISHED } from "../../tools/packed-package.mjs";
import { testPackagesSeparately } from "../../tools/packed-package-checks.mjs";
import { ROOT } from "../tree.js";

/** Outside of the repository, so that its modules cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "published-"));
let tarballs: Awaited<ReturnType<typeof packPackages>>;
beforeAll(async () => {
  tarballs = await packPackages(path.join(place, "tarballs"));
}, 60_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Manifest {
  name: string;
  version: string;
  bin?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
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
  const { dependencies = {} } = readManifest("core");
  // Names are compared only for one message, so that library is compiled into each package.
  const { "fastest-levenshtein": levenshtein, ...shared } = dependencies;
  expect(levenshtein).toBeDefined();
  expect(readManifest("cli").dependencies).toMatchObject(shared);
  // The provider reads a stack file only for its keys, so the parser is compiled into it.
  const { yaml, ...others } = shared;
  expect(yaml).toBeDefined();
  expect(readManifest("provider").dependencies).toEqual(others);
});

test("a program only depends on axios and valibot, besides the SDK", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta = {} } = readManifest("provider");
  expect(Object.keys(dependencies ?? {}).sort()).toEqual(["axios", "valibot"]);
  const required = Object.keys(peerDependencies ?? {}).filter(
    (name) => !peerDependenciesMeta[name]?.optional,
  );
  expect(required).toEqual(["@pulumi/pulumi"]);
});

test("each works without the others, with exactly the packages that it requires", async () => {
  const nodeDir = path.dirname(process.execPath);
  const folder = path.join(place, "apart");
  await testPackagesSeparately({ folder, nodeDir, sdk: "3.248.0", tarballs, install: linkPackages });
}, 60_000);

/**
 * Unpacks tarballs, and links what they require to the packages of this repository, as npm would install it. `npm run test:matrix`
 * and packed.slow.test.ts install the tarballs with npm.
 */
function linkPackages(folder: string, packages: string[]): Promise<void> {
  const modules = path.join(folder, "node_modules");
  for (const tarball of packages.filter((one) => one.endsWith(".tgz"))) {
    const unpacked = path.join(folder, path.basename(tarball, ".tgz"));
    mkdirSync(unpacked, { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "-C", unpacked]);
    const manifest = JSON.parse(
      readFileSync(path.join(unpacked, "package/package.json"), "utf8"),
    ) as Manifest;
    const { name, bin } = manifest;
    mkdirSync(path.join(modules, ".bin"), { recursive: true });
    renameSync(path.join(unpacked, "package"), path.join(modules, name));
    if (bin !== undefined) symlinkSync(path.join("..", name, bin), path.join(modules, ".bin", name));
    const optional = manifest.peerDependenciesMeta ?? {};
    const required = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const one of required.filter((other) => !(other in optional) && !isPublished(other)))
      linkPackage(modules, one, tarball);
  }
  return Promise.resolve();
}
const isPublished = (name: string) => PUBLISHED.some((folder) => readManifest(folder).name === name);

/** Links a package that the package of a tarball requires. npm puts some beside the sources of that package. */
function linkPackage(modules: string, name: string, tarball: string): void {
  const link = path.join(modules, name);
  if (existsSync(link)) return;
  const owner = path.basename(path.dirname(tarball));
  const own = path.join(ROOT, owner, "node_modules", name);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(existsSync(own) ? own : path.join(ROOT, "node_modules", name), link);
}

function readArrayBuffer(file: string): ArrayBuffer {
  const buffer = readFileSync(file);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}
