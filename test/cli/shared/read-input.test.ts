import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { parseJsonInput, readInput } from "../../../cli/src/shared/read-input.js";
import { SINGLE_TYPE } from "../../../provider/src/type-tokens.js";
import { useSandbox } from "../../sandbox/harness.js";
import { envOf } from "../live-env.js";
import { runCommand, type RunOptions } from "../run-command.js";

const folder = mkdtempSync(path.join(tmpdir(), "read-input-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array) => writeFileSync(path.join(folder, name), content);

const URN = `urn:pulumi:dev::acme::${SINGLE_TYPE}::größe`;
const STATE = JSON.stringify({ version: 3, deployment: { resources: [{ urn: URN, type: SINGLE_TYPE }] } });
const PREVIEW = JSON.stringify({
  steps: [{ op: "create", urn: URN, newState: { type: SINGLE_TYPE, inputs: {} } }],
});
write("state.json", STATE);
write("preview.json", PREVIEW);

/** Each command that reads a file: its arguments, and what it says of a text that is not JSON. */
const COMMANDS: [name: string, argsOf: (file: string) => string[], valid: string, wanted: string][] = [
  ["map --state", (file) => ["map", "--format", "json", "--state", file], STATE, "pulumi stack export"],
  [
    "inventory --state",
    (file) => ["inventory", "--format", "csv", "--state", file],
    STATE,
    "pulumi stack export",
  ],
  ["review", (file) => ["review", file], PREVIEW, "pulumi preview --json"],
  ["review --state", (file) => ["review", "preview.json", "--state", file], STATE, "pulumi stack export"],
  [
    "review --policy",
    (file) => ["review", "preview.json", "--policy", file],
    JSON.stringify({ allow: [{ sink: "größe" }] }),
    "policy",
  ],
];

const withMark = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const ENCODED: [name: string, encode: (text: string) => string | Uint8Array][] = [
  ["UTF-8 with a byte order mark", (text) => `\uFEFF${text}`],
  ["UTF-16, the lower byte first", withMark],
  ["UTF-16, the higher byte first", (text) => withMark(text).swap16()],
];

describe.each(COMMANDS)("%s", (_name, argsOf, valid, wanted) => {
  const sandbox = useSandbox();
  const run = (file: string, options: RunOptions = {}) =>
    runCommand(argsOf(file), { cwd: folder, env: envOf(sandbox(), ["payments"]), ...options });

  test.each(ENCODED)("reads %s from a file and from standard input", async (_encoding, encode) => {
    sandbox().connect({ source: "payments", sink: "observability" });
    write("plain.json", valid);
    write("encoded.json", encode(valid));
    const plain = await run("plain.json");
    expect(plain.stderr).not.toMatch(/could not be read|is not JSON|is no /);
    expect(plain.stdout).not.toBe("");
    const shown = ({ code, stdout }: { code: number; stdout: string }) => [
      code,
      stdout.replaceAll(/standard input|(plain|encoded)\.json/g, ""),
    ];
    expect(shown(await run("encoded.json"))).toEqual(shown(plain));
    expect(shown(await run("-", { stdin: encode(valid) }))).toEqual(shown(plain));
  });

  test("does not wait at a terminal: exit 2, and what to pipe", async () => {
    const { code, stdout, stderr } = await run("-", { isTerminal: true });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Standard input is a terminal\. Pipe .* into the command, or name a file\.\n$/);
    expect(stderr).toContain(wanted);
  });

  test.each([
    ["missing.json", "missing.json could not be read: there is no such file. Correct the path; "],
    [".", ". could not be read: it is a folder. Name a file.\n"],
    ["state.json/x", "state.json/x could not be read: there is no such file. "],
  ])("%s cannot be read: exit 1, the reason and what to do", async (file, message) => {
    const { code, stdout, stderr } = await run(file);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test.each(["", "Updating (dev)", valid.slice(0, -3)])("%j is not JSON: exit 1", async (text) => {
    const { code, stdout, stderr } = await run("-", { stdin: text });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Standard input is (empty|not JSON|no preview)/);
    expect(stderr).toContain(wanted);
  });
});

describe("standard input", () => {
  test.each([
    ["map", "--state", "-", "--state", "-"],
    ["review", "-", "--state", "-"],
  ])("is read once only: %s %s %s %s %s", async (...args) => {
    const { code, stderr } = await runCommand(args, { stdin: args[0] === "map" ? STATE : PREVIEW });
    expect([code, stderr]).toEqual([
      2,
      "Standard input (-) is named twice. Name a file for all but one of them.\n",
    ]);
  });
});

describe("readInput", () => {
  const read = (chunks: string[], maxBytes: number) =>
    readInput("-", "a state", { cwd: folder, stdin: Readable.from(chunks) }, maxBytes);

  test("stops at its limit", async () => {
    expect(await read(["123", "45"], 5)).toEqual({ text: "12345", name: "Standard input" });
    await expect(read(["123", "456"], 5)).rejects.toThrow(
      "Standard input could not be read: it is larger than 5 bytes. Pass a smaller text.",
    );
    await expect(
      readInput("state.json", "a state", { cwd: folder, stdin: Readable.from([]) }, 5),
    ).rejects.toThrow("state.json could not be read: it is larger than 5 bytes.");
  });
});

describe("parseJsonInput", () => {
  test.each([
    ["{", "state.json is not JSON (Expected property name or '}' in JSON at position 1"],
    ['{"key": x "SECRET"}', "state.json is not JSON (Unexpected token 'x'). Pass a state."],
    ["undefined", "state.json is not JSON. Pass a state."],
  ])("%s: the reason, and nothing of the text", (text, message) => {
    expect(() => parseJsonInput({ text, name: "state.json" }, "a state")).toThrow(message);
  });
});
