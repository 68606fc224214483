import { describe, expect, it } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { createSingle } from "../../changes/steps.js";
import { runCommand, type CommandResult } from "../../run-command.js";
import { openRecording, RECORDED } from "./golden-recording.js";
import { expectGolden } from "./report.js";

const sandbox = useSandbox(RECORDED);
const STATE = ["--state", "state.json"];
const LOOKUP = [...STATE, "--lookup"];

describe("reports of recorded previews", () => {
  it.each<[name: string, code: number, args: string[], recording?: string]>([
    ["create", 3, []],
    ["update", 4, STATE],
    ["delete", 4, STATE],
    ["replace", 4, LOOKUP],
    ["replace-same-pair", 4, STATE],
    ["reason", 3, STATE],
    ["drift", 4, STATE],
    ["adopt", 4, STATE],
    ["adopt-lookup", 4, LOOKUP, "adopt"],
    ["retain", 7, []],
    ["rename", 4, []],
    ["failed", 1, STATE],
    ["drift-recreated", 4, STATE],
    ["unknown", 4, STATE],
    ["set", 4, LOOKUP],
    ["set-drift", 3, STATE],
    ["set-unknown", 4, []],
    // The preview names the creator only if the set does not run its preview check before the resource. A lookup always does.
    ["single-to-set", 3, LOOKUP],
    ["set-to-single-race", 4, LOOKUP],
    ["set-to-single", 3, LOOKUP],
  ])("%s: exit %i", async (name, code, args, recording = name) => {
    const result = await openRecording(sandbox(), recording)(...args);
    expect(result.code).toBe(code);
    await expectGolden(result, name);
  });

  it("as text", async () => {
    const result = await openRecording(sandbox(), "set")("--format", "text", ...LOOKUP);
    await expectGolden(result, "set", "golden-text/set.txt");
  });
});

/** The lines before the first `<details>`, which a reader sees without a click. */
function listVisibleLines(report: string): string[] {
  const lines = report.split("\n");
  return lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("<details>")),
  );
}

function expectReadable({ stdout }: CommandResult, names: readonly string[]): void {
  const visible = listVisibleLines(stdout);
  expect(visible.length).toBeGreaterThan(5);
  expect(visible.length).toBeLessThan(60);
  // A long line is as hard to read as many lines.
  expect(Math.max(...visible.map((line) => line.length))).toBeLessThan(800);
  const [, first = ""] = stdout.split("<details>");
  for (const name of names) expect(first).toContain(`**${name}**`);
}

const listNames = () =>
  Array.from({ length: 12 }, (_, at) => sandbox().getOrganization(`source-${at + 1}`).name);

const listDeletedNames = (count: number) => Array.from({ length: count }, (_, at) => `Source ${at}`);

/** Reviews a preview that deletes connections to the hub, and some to another organization. */
async function reviewDeletions(count: number, isToSearch: (at: number) => boolean): Promise<CommandResult> {
  const steps = listDeletedNames(count).map((sourceOrgName, at) => {
    const connection = createSingle(`to-${at}`, isToSearch(at) ? "search" : "hub", "logs, metrics");
    const sourceOrgId = `aaaaaaaa-1000-4000-8000-${String(at).padStart(12, "0")}`;
    const id = `cccccccc-1000-4000-8000-${String(at).padStart(12, "0")}`;
    const outputs = { ...(connection["outputs"] as object), sourceOrgId, sourceOrgName };
    return { op: "delete", urn: connection.urn, oldState: { ...connection, id, outputs } };
  });
  const deleted = await runCommand(["review"], { stdin: JSON.stringify({ steps }) });
  expect(deleted.code).toBe(4);
  return deleted;
}

describe("reports of alike changes", () => {
  it("12 connections that were created by hand are adopted", async () => {
    const review = openRecording(sandbox(), "12-adopted");
    const adopted = await review("--lookup");
    expect(adopted.code).toBe(3);
    await expectGolden(adopted, "12-adopted");
    expectReadable(adopted, listNames());
    expect((await review("--lookup", "--summary-line")).stdout).toBe("12 adopted\n");
  });

  it("12 organizations stop sharing metrics with the hub, and violate a rule", async () => {
    const review = openRecording(sandbox(), "12-updated", { "policy.json": { protect: [{}] } });
    const stopped = await review(...STATE, "--policy", "policy.json");
    expect(stopped.code).toBe(5);
    await expectGolden(stopped, "12-updated");
    expectReadable(stopped, listNames());
  });

  it("16 organizations stop sharing: 8 with the hub, and 8 in the middle of the list with another one", async () => {
    const deleted = await reviewDeletions(16, (at) => at >= 4 && at < 12);
    await expectGolden(deleted, "16-deleted");
    expectReadable(deleted, listDeletedNames(16));
    expect(deleted.stdout).toMatch(/^- ⛔ .*\*\*8 organizations\*\* stop sharing .* with \*\*search\*\*/m);
  });

  it("500 organizations stop sharing: as readable, and within the limit of a comment", async () => {
    const deleted = await reviewDeletions(500, (at) => at >= 200 && at < 208);
    expectReadable(deleted, listDeletedNames(500));
    expect(deleted.stdout.length).toBeLessThan(65_536);
    expect(deleted.stdout).toMatch(
      /^- ⛔ \*\*8 organizations\*\* stop sharing .* with \*\*search\*\*: \*\*Source 200\*\*/m,
    );
  });
});
