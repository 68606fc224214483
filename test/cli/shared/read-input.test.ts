import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { parseJsonInput, readInput } from "../../../cli/src/shared/read-input.js";
import { SINGLE_TYPE } from "../../../core/src/host/type-tokens.js";
import { useSandbox } from "../../sandbox/harness.js";
import { useFolder } from "../folder.js";
import { createEnv } from "../live-env.js";
import { runCommand, type RunOptions } from "../run-command.js";

const folder = useFolder();

const URN = `urn:pulumi:dev::acme::${SINGLE_TYPE}::größe`;
const STATE = JSON.stringify({ version: 3, deployment: { resources: [{ urn: URN, type: SINGLE_TYPE }] } });
const PREVIEW = JSON.stringify({
  steps: [{ op: "create", urn: URN, newState: { type: SINGLE_TYPE, inputs: {} } }],
});
folder.write("state.json", STATE);
folder.write("preview.json", PREVIEW);

/** Each command that reads a file: its arguments, a valid text, and a part of the message about an invalid one. */
const COMMANDS: [name: string, createArgs: (file: string) => string[], valid: string, expected: string][] = [
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

const encodeWithMark = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const ENCODED: [name: string, encode: (text: string) => string | Uint8Array][] = [
  ["UTF-8 with a byte order mark", (text) => `\uFEFF${text}`],
  ["UTF-16, little-endian", encodeWithMark],
  ["UTF-16, big-endian", (text) => encodeWithMark(text).swap16()],
];

describe.each(COMMANDS)("%s", (_name, createArgs, valid, expected) => {
  const sandbox = useSandbox();
  const run = (file: string, options: RunOptions = {}) =>
    runCommand(createArgs(file), { cwd: folder.path, env: createEnv(sandbox(), ["payments"]), ...options });

  test.each(ENCODED)("reads %s from a file and from standard input", async (_encoding, encode) => {
    sandbox().connect({ source: "payments", sink: "observability" });
    folder.write("plain.json", valid);
    folder.write("encoded.json", encode(valid));
    const plain = await run("plain.json");
    expect(plain.stderr).not.toMatch(/could not be read|is not JSON|is not (a|the) /);
    expect(plain.stdout).not.toBe("");
    const getOutput = ({ code, stdout }: { code: number; stdout: string }) => [
      code,
      stdout.replaceAll(/standard input|(plain|encoded)\.json/g, ""),
    ];
    expect(getOutput(await run("encoded.json"))).toEqual(getOutput(plain));
    expect(getOutput(await run("-", { stdin: encode(valid) }))).toEqual(getOutput(plain));
  });

  test("does not wait for a terminal: exit 2, and what to pipe", async () => {
    const { code, stdout, stderr } = await run("-", { isTerminal: true });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^Standard input is a terminal\. Pass a file, or pipe the input into this command\. The input must be .*\.\n$/,
    );
    expect(stderr).toContain(expected);
  });

  test.each([
    ["missing.json", "missing.json could not be read: the file does not exist. Correct the path; "],
    [".", ". could not be read: it is a folder. Pass a file.\n"],
    ["state.json/x", "state.json/x could not be read: the file does not exist. "],
  ])("%s cannot be read: exit 1, the reason and what to do", async (file, message) => {
    const { code, stdout, stderr } = await run(file);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test.each(["", "Updating (dev)", valid.slice(0, -3)])("%j is not JSON: exit 1", async (text) => {
    const { code, stdout, stderr } = await run("-", { stdin: text });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Standard input is (empty|not JSON|not the output of `pulumi preview --json`)/);
    expect(stderr).toContain(expected);
  });
});

describe("standard input", () => {
  test.each([
    ["map", "--state", "-", "--state", "-"],
    ["review", "-", "--state", "-"],
  ])("is read only once: %s %s %s %s %s", async (...args) => {
    const { code, stderr } = await runCommand(args, { stdin: args[0] === "map" ? STATE : PREVIEW });
    expect([code, stderr]).toEqual([
      2,
      "Standard input (-) is given more than once. Use it for one input, and pass files for the others.\n",
    ]);
  });
});

describe("readInput", () => {
  const read = (chunks: string[], maxBytes: number) =>
    readInput("-", "a state", { cwd: folder.path, stdin: Readable.from(chunks) }, maxBytes);

  test("stops at its limit", async () => {
    expect(await read(["123", "45"], 5)).toEqual({ text: "12345", name: "Standard input" });
    await expect(read(["123", "456"], 5)).rejects.toThrow(
      "Standard input could not be read: it is larger than 5 bytes. Pass a smaller input.",
    );
    await expect(
      readInput("state.json", "a state", { cwd: folder.path, stdin: Readable.from([]) }, 5),
    ).rejects.toThrow("state.json could not be read: it is larger than 5 bytes.");
  });
});

describe("parseJsonInput", () => {
  test.each([
    ["{", "state.json is not JSON (Expected property name or '}' in JSON at position 1"],
    ['{"key": x "SECRET"}', "state.json is not JSON (Unexpected token 'x'). Pass a state."],
    ["undefined", "state.json is not JSON. Pass a state."],
  ])("%s: the reason, without the text", (text, message) => {
    expect(() => parseJsonInput({ text, name: "state.json" }, "a state")).toThrow(message);
  });
});
