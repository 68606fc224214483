import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { createSingle } from "./changes/steps.js";
import { createEnv } from "./live-env.js";
import { runCommand } from "./run-command.js";

/** Characters that no output may contain: terminal controls, direction marks, and invisible characters. */
const RAW =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/; // eslint-disable-line no-control-regex
const hidden = [
  "\u001b[31m",
  "\u009b31m",
  "\n::error::x",
  "\u202e",
  "\u200b",
  "\u00ad",
  "\u2028",
  "\u3164",
  "\ufe0f",
];
const names = [
  "Acme",
  ...hidden.map((one) => `Acme${one}`),
  "Acme\u00a0Hub",
  "Acme Hub",
  "Acme\\u{1b}[31m",
  "Acme ",
];

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "names-"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs a command on the deletion of one connection for each name. Only the state has the names. */
async function runOnState(args: string[], sinks = names) {
  const resources = sinks.map((sinkOrgName, at) => {
    const one = createSingle(`r${at}`, "hub", "logs");
    const sinkOrgId = `bbbbbbbb-0000-4000-8000-${String(at).padStart(12, "0")}`;
    return { ...one, outputs: { ...(one["outputs"] as object), sinkOrgId, sinkOrgName } };
  });
  writeFileSync(path.join(cwd, "state.json"), JSON.stringify({ deployment: { resources } }));
  const steps = resources.map((oldState) => ({ op: "delete", urn: oldState.urn, oldState }));
  return runCommand([...args, "--state", "state.json"], { cwd, stdin: JSON.stringify({ steps }) });
}

interface Reported {
  changes: { before: { sink: { id: string; name: string } }; sentence: string }[];
}

describe("names from a state", () => {
  it("review --format json has them unchanged, without invisible characters in its text", async () => {
    const { code, stdout } = await runOnState(["review", "--format", "json"]);
    expect(code).toBe(4);
    expect(stdout).not.toMatch(RAW);
    const sinks = (JSON.parse(stdout) as Reported).changes.map(({ before }) => before.sink.name);
    expect(sinks.toSorted()).toEqual(names.toSorted());
  });

  it("map --format json has them unchanged too", async () => {
    const { stdout } = await runOnState(["map", "--format", "json"]);
    expect(stdout).not.toMatch(RAW);
    const { organizations } = JSON.parse(stdout) as { organizations: { name: string }[] };
    expect(organizations.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it("in Markdown each is different, and hidden characters are visible", async () => {
    const { stdout } = await runOnState(["review"]);
    const html = micromark(stdout, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    // The deletions are alike, so they are rows of a list.
    const lines = [...html.matchAll(/<tr>\n<td><strong>(.*?)<\/strong><\/td>/g)].map(
      ([, name]) => name ?? "",
    );
    expect(lines).toHaveLength(names.length);
    // One name equals the escaped form of another one. From Datadog it would arrive encoded.
    expect(new Set(lines).size).toBe(names.length - 1);
    expect(lines.join()).toContain("Acme\\u{202e}");
    expect(lines.join()).toContain("Acme\\u{a}:");
  });

  it.each([
    "see www.evil.example now",
    "WWW.EVIL.EXAMPLE",
    "https://evil.example/x",
    "evil.example",
    "me@evil.example",
    "mailto:me@evil.example",
    "xmpp:me@evil.example",
    "@security",
    "#12",
    "acme/repo#12",
    "GH-12",
    "!12",
    "%12",
    "~label",
    "&12",
    "$12",
    ":rocket:",
  ])("%s is not a link, a mention or a reference in Markdown", async (name) => {
    const { stdout } = await runOnState(["review"], [name]);
    const html = micromark(stdout, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    expect(html).not.toMatch(/<a |<img/);
    // GitHub and GitLab find these in the rendered text, where a backslash is gone.
    const text = html
      .replace(/<code.*?<\/code>/gs, " ")
      .replace(/<[^>]*>/g, " ")
      .replaceAll("&amp;", "&");
    expect(text).not.toMatch(
      /www\.\p{L}|https?:\/\/|evil\.example|[@#!%~&$]\p{L}*\d|@\p{L}|~\p{L}|GH-\d|:rocket:/iu,
    );
  });

  it("two long names that differ only at the end stay different", async () => {
    const long = ["x", "y"].map((end) => `${"a".repeat(2000)}${end}`);
    const { stdout } = await runOnState(["review"], long);
    const lines = stdout.split("\n").filter((line) => line.startsWith("- ⛔"));
    expect(new Set(lines.map((line) => /→ (.*?)\*\*/.exec(line)?.[1])).size).toBe(2);
  });
});

describe("names from Datadog", () => {
  const sandbox = useSandbox({
    seed: {
      accounts: [
        {
          name: "A",
          organizations: names.map((name, at) => ({
            key: `o${at}`,
            id: `aaaaaaaa-0000-4000-8000-${String(at).padStart(12, "0")}`,
            name: at === 0 ? "Source" : name,
          })),
        },
      ],
    },
  });

  it.each(["table", "csv", "json", "markdown"])(
    "inventory --format %s: nothing is hidden, and each name is different",
    async (format) => {
      for (let at = 1; at < names.length; at++) sandbox().connect({ source: "o0", sink: `o${at}` });
      const { code, stdout } = await runCommand(["inventory", "--format", format], {
        env: createEnv(sandbox(), ["o0"]),
      });
      expect(code).toBe(0);
      expect(stdout).not.toMatch(RAW);
      const rows = stdout.split("\n").filter((line) => line.includes("Acme"));
      // One row per name: without ids and dates, all rows are different.
      const bare = rows.map((row) =>
        row
          .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "")
          .replace(/\d{4}-\d\d-\d\dT\S*?(?=[,"])/g, ""),
      );
      expect(rows).toHaveLength(names.length - 1);
      expect(new Set(bare).size).toBe(names.length - 1);
    },
  );

  it("doctor escapes them too", async () => {
    const doctor = await runCommand(["doctor", "--format", "json"], { env: createEnv(sandbox(), ["o4"]) });
    expect(doctor.stdout).not.toMatch(RAW);
    const text = await runCommand(["doctor"], { env: createEnv(sandbox(), ["o4"]) });
    expect(text.stdout).not.toMatch(RAW);
  });
});
