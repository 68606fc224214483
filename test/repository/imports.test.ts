import { describe, expect, test } from "vitest";
import { importsOf, specifiersIn, type Import } from "./source-files.js";

/** What each part may import besides itself: other parts or single files of them, and packages. */
const allowed: Record<string, string[]> = {
  text: ["node:"],
  errors: ["text/"],
  client: ["text/", "errors/", "axios", "valibot", "node:"],
  credentials: ["errors/", "valibot"],
  lifecycle: ["text/", "errors/", "client/", "credentials/", "valibot"],
  stack: ["lifecycle/records.ts", "lifecycle/types.ts", "valibot", "node:"],
  topology: ["text/", "stack/managed.ts", "live/inventory.ts", "valibot", "@viz-js/viz", "node:"],
  live: ["errors/", "client/", "credentials/", "lifecycle/", "hosts/sessions.ts", "stack/"],
  doctor: [
    "errors/",
    "client/",
    "credentials/",
    "lifecycle/caller.ts",
    "live/organizations.ts",
    "stack/stack-file.ts",
    "valibot",
    "proxy-from-env",
    "node:",
  ],
  // The package itself is imported by the programs that it writes.
  discover: [
    "text/",
    "live/read.ts",
    "stack/managed.ts",
    "lifecycle/inputs.ts",
    "pulumi-datadog-org-connections",
  ],
  changes: [
    "stack/",
    "credentials/settings.ts",
    "lifecycle/notices.ts",
    "lifecycle/records.ts",
    "lifecycle/types.ts",
    "valibot",
  ],
  policy: ["changes/", "valibot", "node:"],
  review: ["text/", "changes/", "policy/", "topology/"],
  sandbox: ["client/routes.ts", "client/wire.ts", "node:"],
  // A host names itself in the lines that stand in the state.
  hosts: [
    "node:",
    "text/",
    "errors/",
    "client/",
    "credentials/",
    "lifecycle/",
    "valibot",
    "@pulumi/pulumi",
    "pulumi-datadog-org-connections/host",
  ],
};

function strangers(part: string): Import[] {
  const names = [`${part}/`, ...(allowed[part] ?? [])];
  const isAllowed = ({ target }: Import) =>
    names.some((name) => (/[/:]$/.test(name) ? target.startsWith(name) : target === name));
  return importsOf(part).filter((one) => !isAllowed(one));
}

describe("imports go one way", () => {
  test.each(Object.keys(allowed))("%s imports only what it may", (part) => {
    expect(strangers(part)).toEqual([]);
  });

  test("every part was looked at", () => {
    for (const part of Object.keys(allowed)) expect(importsOf(part).length).toBeGreaterThan(0);
  });

  test("only hosts, look-ups and resources know Pulumi", () => {
    const parts = [
      ...["errors", "client", "credentials", "lifecycle", "sandbox", "stack", "topology", "text"],
      ...["changes", "policy", "review", "live", "discover", "doctor", "cli"],
    ];
    const knowing = parts.flatMap(importsOf).filter(({ target }) => target.startsWith("@pulumi/"));
    expect(knowing).toEqual([]);
  });

  test("the lifecycle takes from client and credentials only types and names, and loads no HTTP client", () => {
    const targets = new Set(importsOf("lifecycle").map(({ target }) => target));
    expect([...targets].filter((target) => /^(hosts|resources|lookups|sandbox|cli)\//.test(target))).toEqual(
      [],
    );
    expect([...targets]).not.toContain("axios");
  });

  test("a program loads nothing that ends its process when no engine accepts connections", () => {
    const targets = ["resources", "lookups"].flatMap(importsOf).map(({ target }) => target);
    for (const file of ["dynamic", "process-world", "engine-watch"]) {
      expect(targets).not.toContain(`hosts/${file}.ts`);
    }
  });

  test("axios is imported in one file", () => {
    const parts = ["client", "credentials", "lifecycle", "sandbox", "hosts", "lookups", "resources"];
    parts.push("live", "discover", "doctor", "cli");
    const files = parts.flatMap(importsOf).filter(({ target }) => target === "axios");
    expect(files).toEqual([{ from: "client/http.ts", target: "axios" }]);
  });
});

test("this test sees every form of import", () => {
  const text = `
    import "a";
    import b from "b";
    import type { C } from 'c';
    export * from "d";
    export { e, type E } from "e";
    const f = await import("f");
    const g = require("g");
    import {
      h,
    } from "h";
    // import x from "not-this";
    const names = ["import", "import-x", "require", "from", "x"];
    /** import x from "nor-this" */
     * from "nor-that"
  `;
  expect(specifiersIn(text).sort()).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
});
