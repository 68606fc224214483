/** Names with hidden characters, in the output of each command. `test/hostile` tests the same functions with random names. */
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { createSingle } from "./changes/steps.js";
import { useFolder } from "./folder.js";
import { createEnv } from "./live-env.js";
import { runCommand } from "./run-command.js";

/** Characters that no output may contain: terminal controls, direction marks, and invisible characters. */
const RAW =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/; // eslint-disable-line no-control-regex
const HIDDEN = ["\u001b[31m", "\u009b31m", "\n::error::x", "\u202e", "\u200b"];
HIDDEN.push("\u00ad", "\u2028", "\u3164", "\ufe0f");
const names = ["Acme", ...HIDDEN.map((one) => `Acme${one}`)];
names.push("Acme\u00a0Hub", "Acme Hub", "Acme\\u{1b}[31m", "Acme ");
const createUuid = (group: string, at: number) => `${group}-0000-4000-8000-${String(at).padStart(12, "0")}`;

describe("names from a state", () => {
  const folder = useFolder();

  /** Runs a command on the deletion of one connection for each name. */
  function runOnState(...args: string[]) {
    const resources = names.map((sinkOrgName, at) => {
      const one = createSingle(`r${at}`, "hub", "logs");
      const sinkOrgId = createUuid("bbbbbbbb", at);
      return { ...one, outputs: { ...(one["outputs"] as object), sinkOrgId, sinkOrgName } };
    });
    folder.write("state.json", { deployment: { resources } });
    const steps = resources.map((oldState) => ({ op: "delete", urn: oldState.urn, oldState }));
    const stdin = JSON.stringify({ steps });
    return runCommand([...args, "--state", "state.json"], { cwd: folder.path, stdin });
  }

  it.each(["review", "map"])("%s --format json has them unchanged, in escaped form", async (command) => {
    const { stdout } = await runOnState(command, "--format", "json");
    expect(stdout).not.toMatch(RAW);
    const { changes, organizations } = JSON.parse(stdout) as {
      changes?: { before: { sink: { name: string } } }[];
      organizations?: { name: string }[];
    };
    const found = changes?.map(({ before }) => before.sink) ?? organizations ?? [];
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it("in Markdown each is different, and hidden characters are visible", async () => {
    const { stdout } = await runOnState("review");
    const options = { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] };
    // The deletions are alike, so they are rows of a list.
    const rows = [...micromark(stdout, options).matchAll(/<tr>\n<td><strong>(.*?)<\/strong><\/td>/g)];
    const found = rows.map(([, name = ""]) => name);
    expect(found).toHaveLength(names.length);
    // One name equals the escaped form of another one. From Datadog it would arrive encoded.
    expect(new Set(found).size).toBe(names.length - 1);
    expect(found.join()).toContain("Acme\\u{202e}");
    expect(found.join()).toContain("Acme\\u{a}:");
  });
});

describe("names from Datadog", () => {
  const organizations = names.map((name, at) => ({
    key: `o${at}`,
    id: createUuid("aaaaaaaa", at),
    name: at === 0 ? "Source" : name,
  }));
  const sandbox = useSandbox({ seed: { accounts: [{ name: "A", organizations }] } });

  it.each(["table", "csv", "json", "markdown"])(
    "inventory --format %s: nothing is hidden, and each name is different",
    async (format) => {
      for (let at = 1; at < names.length; at++) sandbox().connect({ source: "o0", sink: `o${at}` });
      const args = ["inventory", "--format", format];
      const { code, stdout } = await runCommand(args, { env: createEnv(sandbox(), ["o0"]) });
      expect(code).toBe(0);
      expect(stdout).not.toMatch(RAW);
      // One row per name: without ids and dates, all rows are different.
      const rows = stdout.split("\n").filter((line) => line.includes("Acme"));
      const changing = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\S*?(?=[,"])/g;
      expect(rows).toHaveLength(names.length - 1);
      expect(new Set(rows.map((row) => row.replace(changing, ""))).size).toBe(names.length - 1);
    },
  );

  it.each(["json", "text"])("doctor --format %s escapes them too", async (format) => {
    const env = createEnv(sandbox(), ["o4"]);
    const { stdout } = await runCommand(["doctor", "--format", format], { env });
    expect(stdout).toContain("Acme");
    expect(stdout).not.toMatch(RAW);
  });
});
