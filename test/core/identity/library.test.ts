import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { AWS_PACKAGES } from "../../../core/src/identity/aws.js";
import { AZURE_PACKAGES } from "../../../core/src/identity/azure.js";
import { GCP_PACKAGES } from "../../../core/src/identity/gcp.js";
import { loadLibrary } from "../../../core/src/identity/library.js";
import { catchError } from "../api/harness.js";
import { ROOT } from "../../tree.js";
import { createContext } from "./harness.js";

const PACKAGES = ["not-installed-a@3", "@not-installed/b@10"];

describe("a library that is not installed is reported with the command that installs it", () => {
  test.each(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"])("for the code %s", async (code) => {
    const load = () => Promise.reject(Object.assign(new Error("canary"), { code }));
    const error = await catchError(loadLibrary(PACKAGES, load, createContext()));
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain('organization "payments"');
    expect(error.happened).toContain("not-installed-a, @not-installed/b must be installed");
    expect(error.advice).toContain("`npm install not-installed-a@3 @not-installed/b@10`");
    expect(error.advice).toContain("in the folder whose node_modules");
    // Users of the plugin may have neither of the other packages.
    expect(error.advice).toContain("its plugin (pulumi-resource-datadog-org-connections)");
  });

  test("and so is Node's own error", async () => {
    // In a variable, so that no tool resolves it in advance.
    const name = "@not-installed/b";
    const error = await catchError(loadLibrary(PACKAGES, () => import(name), createContext()));
    expect(error.happened).toContain("must be installed");
  });
});

test("another failure of a library is not reported as a missing one", async () => {
  const load = () => Promise.reject(Object.assign(new Error("canary"), { code: "ERR_DLOPEN_FAILED" }));
  const error = await catchError(loadLibrary(PACKAGES, load, createContext()));
  expect(error.code).toBe("identity-missing");
  expect(error.happened).toContain("could not be loaded (ERR_DLOPEN_FAILED)");
  expect(error.message).not.toContain("canary");
});

describe.each(["provider", "plugin", "cli"])("the commands install what %s supports", (name) => {
  test.each([AWS_PACKAGES, GCP_PACKAGES, AZURE_PACKAGES].flat())("%s", (versioned) => {
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(path.join(ROOT, name, "package.json"), "utf8"),
    ) as { peerDependencies: Record<string, string>; peerDependenciesMeta: Record<string, unknown> };
    const [, library = "", major = ""] = /^(.+)@(\d+)$/.exec(versioned) ?? [];
    const [, low, high] = /^>=(\d+) <(\d+)$/.exec(peerDependencies[library] ?? "") ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number(low));
    expect(Number(major)).toBeLessThan(Number(high));
    expect(peerDependenciesMeta[library]).toEqual({ optional: true });
  });
});
