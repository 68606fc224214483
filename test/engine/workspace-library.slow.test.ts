import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "../tree.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const PROVIDER = { "pulumi-datadog-org-connections": "provider" };
/** Outside of the repository, so that a program finds no package of it. */
const workspace = mkdtempSync(path.join(tmpdir(), "workspace-"));
writeFileSync(path.join(workspace, "pnpm-lock.yaml"), "lockfileVersion: '9.0'\n");
createLibrary("@acme/sharing");
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** Creates a library of the workspace that depends on the provider and declares the connections. */
function createLibrary(name: string): void {
  const folder = path.join(workspace, "libs/sharing");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, main: "index.js" }));
  writeFileSync(
    path.join(folder, "index.js"),
    `const { OrgConnection, OrgConnectionSet } = require("pulumi-datadog-org-connections");
exports.share = (name, sinkOrgId) => new OrgConnection(name, { sinkOrgId, connectionTypes: ["logs"] });
exports.shareAll = (name, sinkOrgId) => new OrgConnectionSet(name, { connections: { [sinkOrgId]: ["logs"] } });
`,
  );
  linkPackages(folder, { "@pulumi/pulumi": "node_modules/@pulumi/pulumi", ...PROVIDER });
}

/** Installs packages like pnpm: each is a symbolic link in the `node_modules` of the package that depends on it. */
function linkPackages(folder: string, packages: Record<string, string>): void {
  for (const [name, at] of Object.entries(packages)) {
    const link = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, at), link);
  }
}

/** Creates a stack whose program only depends on the SDK and on the library. */
function createStack(call: string) {
  const stack = engine.createStack("", { folder: path.join(workspace, "apps") });
  stack.writeFile(
    "index.js",
    `require("@acme/sharing").${call}("to-hub", "${engine.getOrgId("observability")}");`,
  );
  linkPackages(stack.folder, { "@pulumi/pulumi": "node_modules/@pulumi/pulumi" });
  mkdirSync(path.join(stack.folder, "node_modules/@acme"));
  symlinkSync(path.join(workspace, "libs/sharing"), path.join(stack.folder, "node_modules/@acme/sharing"));
  return stack;
}

describe("a package that only a library of the workspace depends on", () => {
  it.each([
    ["share", 'OrgConnection "to-hub"'],
    ["shareAll", 'OrgConnectionSet "to-hub"'],
  ])("%s: the error says to add it to the program, with the command", async (call, resource) => {
    const stack = createStack(call);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toContain(
      `${resource}: the package pulumi-datadog-org-connections is not installed for the program in ${stack.folder}, ` +
        "where Pulumi's provider process loads it. Add it to the program's own package.json, even if a library of the " +
        `workspace has it: pnpm add pulumi-datadog-org-connections (in ${stack.folder}). [package-missing]`,
    );
    expect(preview.output).not.toContain("Cannot find module");
    expect(preview.output).not.toMatch(/^\s+at /m);
  });

  it("works as soon as the program depends on it too", async () => {
    const stack = createStack("share");
    linkPackages(stack.folder, PROVIDER);
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("a program that changes its working directory is not mistaken for one", async () => {
    const stack = engine.createStack(`
process.chdir("/");
new OrgConnection("to-hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] });`);
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });
});
