/** Runs the tests of docs/guides/test-your-program.md, with its programs and with changed ones. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPackages, packPackages } from "../../../tools/packed-package.mjs";
import { createIsolatedEnv } from "../../../tools/pulumi-env.mjs";
import { CommandFailed, runCommand } from "../../../tools/run-command.mjs";
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

/** The headings, and the language of the code below each. */
const SECTIONS = { "Unit tests with mocks": "ts", Jest: "js", "Tests with the sandbox": "ts" };

/** The files of the guide: each is a code block that begins with a comment with its name. */
const files = new Map(
  Object.entries(SECTIONS)
    .flatMap(([heading, language]) => takeBlocks(heading, language))
    .map((code) => {
      const [, name = "", rest = ""] = /^\/\/ (\S+)\n([^]*)/.exec(code) ?? [];
      return [name, rest];
    }),
);

/** Lists the commands of the guide. `npm install` was run already, with the packed packages. */
const commands = Object.keys(SECTIONS)
  .flatMap((heading) => takeBlocks(heading, "sh"))
  .flatMap(splitCommands)
  .filter((command) => !command.startsWith("npm install "));

/** Writes files of the guide into a folder, as a user does, and returns the folder. */
function writeFiles(folder: string, names: string[]): string {
  const target = path.join(place, folder);
  mkdirSync(target);
  symlinkSync("../node_modules", path.join(target, "node_modules"));
  writeFileSync(path.join(target, "package.json"), '{ "name": "guide", "private": true }\n');
  writeFileSync(path.join(target, "Pulumi.yaml"), "name: guide\nruntime: nodejs\n");
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
    expect([...files.keys()]).toEqual([
      "index.ts",
      "index.test.ts",
      "index.js",
      "index.test.js",
      "sandbox.test.ts",
    ]);
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
