import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  findProjectFile,
  findProjectFiles,
  readStackFile,
} from "../../../core/src/credentials/stack-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stack-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Reads the configuration of a stack from the file that the engine would use. */
const readConfig = (projectFile: string, stack = "dev") =>
  Object.fromEntries(readStackFile(projectFile, stack)?.config ?? []);

describe("the project file", () => {
  test.each([
    [["Pulumi.yaml", "Pulumi.yml"], "Pulumi.yaml"],
    [["Pulumi.yml"], "Pulumi.yml"],
    [["Pulumi.json", "Pulumi.yaml"], "Pulumi.json"],
  ])("of %j is %s", (names, expected) => {
    for (const name of names) write(name, "name: acme\n");
    expect(findProjectFile(folder)).toBe(path.join(folder, expected));
  });

  test("is searched for in parent folders, the nearest first; a folder with its name is ignored", () => {
    const outer = write("Pulumi.yaml", "name: outer\n");
    const inner = write("program/Pulumi.yaml", "name: inner\n");
    mkdirSync(path.join(folder, "program/src/Pulumi.yaml"), { recursive: true });
    const files = findProjectFiles(path.join(folder, "program/src"));
    expect(files.slice(0, 2)).toEqual([inner, outer]);
  });
});

describe("the stack's file", () => {
  const CONFIG = "config:\n  a:b: value\n";

  test.each([
    ["Pulumi.yaml", "name: acme\n", "Pulumi.dev.yaml"],
    ["Pulumi.yml", "name: acme\n", "Pulumi.dev.yml"],
    ["Pulumi.yaml", "name: acme\nstackConfigDir: stacks/all\n", "stacks/all/Pulumi.dev.yaml"],
    ["Pulumi.yaml", "name: acme\nconfig: stacks\n", "stacks/Pulumi.dev.yaml"],
    ["Pulumi.yaml", "name: acme\nconfig:\n  a:b: { value: x }\n", "Pulumi.dev.yaml"],
    ["Pulumi.yaml", "\uFEFFname: acme\n", "Pulumi.dev.yaml"],
  ])("of %s with %j is %s", (projectFile, project, file) => {
    write(file, CONFIG);
    const read = readStackFile(write(projectFile, project), "dev");
    expect(read?.file).toBe(path.join(folder, file));
    expect([...(read?.config ?? [])]).toEqual([["a:b", "value"]]);
  });

  test("of a JSON project is JSON", () => {
    write("Pulumi.dev.json", JSON.stringify({ config: { "a:b": { c: 1 } } }));
    expect(readConfig(write("Pulumi.json", JSON.stringify({ name: "acme" })))).toEqual({ "a:b": { c: 1 } });
  });

  test.each(["dev", "acme-corp/dev", "acme-corp/acme/dev"])(
    "of stack %s is named after its last part",
    (stack) => {
      write("Pulumi.dev.yaml", CONFIG);
      expect(readConfig(write("Pulumi.yaml", "name: acme\n"), stack)).toEqual({ "a:b": "value" });
    },
  );

  test("may have keys in three forms, and YAML references", () => {
    write(
      "Pulumi.dev.yaml",
      "base: &base { apiKey: plain }\nconfig:\n  own: 1\n  datadog:config:apiKey: 2\n  x:y:\n    one: { <<: *base }\n    two: *base\n",
    );
    expect(readConfig(write("Pulumi.yaml", "name: acme\n"))).toEqual({
      "acme:own": 1,
      "datadog:apiKey": 2,
      "x:y": { one: { apiKey: "plain" }, two: { apiKey: "plain" } },
    });
  });

  test.each<[string, string | undefined]>([
    ["missing", undefined],
    ["invalid YAML", "config: {"],
    ["a string", "config"],
    ["in another form", "config: []\n"],
    ["a program", "config: !!js/function 'function () { throw new Error(); }'\n"],
  ])("that is %s has no readable configuration", (_, text) => {
    if (text !== undefined) write("Pulumi.dev.yaml", text);
    const read = readStackFile(write("Pulumi.yaml", "name: acme\n"), "dev");
    expect(read?.file).toBe(path.join(folder, "Pulumi.dev.yaml"));
    expect(readConfig(path.join(folder, "Pulumi.yaml"))).toEqual({});
  });

  test.each(["", "\n# none yet\n", "--- # none yet\r\n"])("that is empty (%j) has no values", (text) => {
    write("Pulumi.dev.yaml", text);
    expect(readStackFile(write("Pulumi.yaml", "name: acme\n"), "dev")?.config?.size).toBe(0);
  });

  test("is not read if the project file cannot be read, or belongs to another project", () => {
    write("Pulumi.dev.yaml", CONFIG);
    expect(readStackFile(path.join(folder, "Pulumi.json"), "dev")).toBeUndefined();
    expect(readStackFile(write("Pulumi.yml", "name: ["), "dev")).toBeUndefined();
    expect(readStackFile(write("Pulumi.yaml", "name: acme\n"), "dev", "other")).toBeUndefined();
    expect(readStackFile(path.join(folder, "Pulumi.yaml"), "dev", "acme")?.config?.size).toBe(1);
  });
});
