/** Runs the tests of docs/guides/test-your-program.md, with its programs and with changed ones. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPackages, packPackages } from "../../../tools/packed-package.mjs";
import { createIsolatedEnv } from "../../../tools/pulumi-env.mjs";
import { CommandFailed, runCommand } from "../../../tools/run-command.mjs";
import { ROOT } from "../../tree.js";
import { splitCommands } from "../commands.js";
import { usePage } from "../page.js";

const { takeBlocks } = usePage("docs/guides/test-your-program.md");
/** Outside of the repository, so that its modules cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "test-your-program-"));

beforeAll(async () => {
  const { provider, sandbox } = await packPackages(path.join(place, "tarballs"));
  const tools = ["@pulumi/pulumi@3.248.0", "typescript@5.9.3", "vitest@4.1.12", "jest@30.5.2"];
  await installPackages(place, [provider, sandbox, ...tools]);
}, 300_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const HEADINGS = ["Unit tests with mocks", "Jest", "Tests with the sandbox"];

const readExample = (name: string) =>
  readFileSync(path.join(ROOT, "examples/test-your-program", name), "utf8");
const EXAMPLES = ["index.ts", "index.test.ts", "sandbox.test.ts"];

/** The files of the guide. Those for Jest are code blocks that begin with a comment with their name. */
const files = new Map([
  ...EXAMPLES.map((name): [string, string] => [name, readExample(name)]),
  ...takeBlocks("Jest", "js").map((code): [string, string] => {
    const [, name = "", rest = ""] = /^\/\/ (\S+)\n([^]*)/.exec(code) ?? [];
    return [name, rest];
  }),
]);

/** Lists the commands of the guide. `npm install` was run already, with the packed packages. */
const commands = HEADINGS.flatMap((heading) => takeBlocks(heading, "sh"))
  .flatMap(splitCommands)
  .filter((command) => !command.startsWith("npm install "));

/** Writes files of the guide into a folder, as a user does, and returns the folder. */
function writeFiles(folder: string, names: string[]): string {
  const target = path.join(place, folder);
  mkdirSync(target);
  symlinkSync("../node_modules", path.join(target, "node_modules"));
  writeFileSync(path.join(target, "package.json"), '{ "name": "guide", "private": true }\n');
  writeFileSync(path.join(target, "Pulumi.yaml"), readExample("Pulumi.yaml"));
  for (const name of names) writeFileSync(path.join(target, name), files.get(name) ?? "");
  return target;
}

/** Changes the program, so that its tests must fail. */
function shareAuditEvents(folder: string, name: string): void {
  writeFileSync(path.join(folder, name), (files.get(name) ?? "").replace('"metrics"', '"audit"'));
}

/** Runs a command of the guide. Rejects with its output. */
async function runInGuide(command: string, folder: string): Promise<string> {
  const env = createIsolatedEnv({
    home: path.join(place, "home"),
    backendDir: place,
    binDir: process.env["PULUMI_TEST_BIN"] ?? "",
    nodeDir: path.dirname(process.execPath),
    // Without the settings of the test runner.
    base: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  });
  const [program = "", ...args] = command.split(" ");
  return runCommand(program, args, { cwd: folder, env, timeoutMs: 300_000 }).catch((error: unknown) => {
    throw error instanceof CommandFailed ? new Error(`${error.reason}\n${error.output}`) : error;
  });
}

describe("the guide", () => {
  it("has these files and commands", () => {
    expect([...files.keys()]).toEqual([...EXAMPLES, "index.js", "index.test.js"]);
    // The guide shows the complete files.
    const shown = ["Unit tests with mocks", "Tests with the sandbox"].flatMap((one) => takeBlocks(one, "ts"));
    expect(shown).toEqual(EXAMPLES.map(readExample));
    expect(commands).toEqual(["npx vitest run", "npx jest", "npx vitest run"]);
  });

  it("unit tests with Vitest pass, and fail if the program shares something else", async () => {
    const names = ["index.ts", "index.test.ts"];
    expect(await runInGuide("npx vitest run", writeFiles("unit", names))).toContain("2 passed");
    const wrong = writeFiles("unit-wrong", names);
    shareAuditEvents(wrong, "index.ts");
    await expect(runInGuide("npx vitest run", wrong)).rejects.toThrow("2 failed");
  }, 300_000);

  it("unit tests with Jest pass, and fail if the program shares something else", async () => {
    const names = ["index.js", "index.test.js"];
    expect(await runInGuide("npx jest", writeFiles("jest", names))).toContain("1 passed, 1 total");
    const wrong = writeFiles("jest-wrong", names);
    shareAuditEvents(wrong, "index.js");
    await expect(runInGuide("npx jest", wrong)).rejects.toThrow("1 failed, 1 total");
  }, 300_000);

  it("tests with the sandbox pass, and fail if the program shares something else", async () => {
    const names = ["index.ts", "sandbox.test.ts"];
    expect(await runInGuide("npx vitest run", writeFiles("sandbox", names))).toContain("1 passed");
    const wrong = writeFiles("sandbox-wrong", names);
    shareAuditEvents(wrong, "index.ts");
    await expect(runInGuide("npx vitest run", wrong)).rejects.toThrow("1 failed");
  }, 600_000);
});
