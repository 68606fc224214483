import { describe, expect, it } from "vitest";
import { createSeed } from "../../../../sandbox/src/index.js";
import { useEngine } from "../../../engine/stack.js";
import { createSingle } from "../../changes/steps.js";
import { createEnv } from "../../live-env.js";
import { runCommand, type CommandResult } from "../../run-command.js";
import { expectGolden, previewStack, reviewStack, saveState } from "./report.js";

const engine = useEngine({ seed: createSeed({ sources: 12 }) });
const STATE = ["--state", "state.json"];

const listSources = (count: number) => Array.from({ length: count }, (_, at) => `source-${at + 1}`);
/** A program in which each source shares with the hub. */
const declareAll = (count: number, types: string, args = "") =>
  `for (const source of ${JSON.stringify(listSources(count))}) {
    new OrgConnection(source + "-to-hub", { source, sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ${types}, ${args} });
  }`;

function createStack(count: number, program: string) {
  const stack = engine.createStack(program);
  Object.assign(stack.env, createEnv(engine.sandbox, listSources(count)));
  return stack;
}

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

const listNames = (count: number) =>
  listSources(count).map((key) => engine.sandbox.getOrganization(key).name);

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
    for (const source of listSources(12)) {
      engine.sandbox.connect({ source, sink: "observability", connectionTypes: ["audit", "logs"] });
    }
    const stack = createStack(12, declareAll(12, `["audit", "logs"]`, "adopt: true"));
    const reviewed = await previewStack(stack);
    const adopted = await reviewed("--lookup");
    expect(adopted.code).toBe(3);
    await expectGolden(adopted, "12-adopted");
    expectReadable(adopted, listNames(12));
    expect((await reviewed("--lookup", "--summary-line")).stdout).toBe("12 adopted\n");
  });

  it("12 organizations stop sharing metrics with the hub, and violate a rule", async () => {
    const stack = createStack(12, declareAll(12, `["logs", "metrics"]`));
    await stack.expectUp();
    await saveState(stack);
    stack.writeProgram(declareAll(12, `["logs"]`));
    stack.writeFile("policy.json", JSON.stringify({ protect: [{}] }));
    const stopped = await reviewStack(stack, { args: [...STATE, "--policy", "policy.json"] });
    expect(stopped.code).toBe(5);
    await expectGolden(stopped, "12-updated");
    expectReadable(stopped, listNames(12));
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
