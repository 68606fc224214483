import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/change.js";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import { createChange } from "../../changes/create-change.js";
import { createSingle } from "../../changes/steps.js";
import { runCommand } from "../../run-command.js";
import { createReview } from "./create-review.js";

const createStackChange = (kind: "create" | "delete", location: string, at: number): Change => {
  const shared = { source: { id: `source-${at}` }, sink: { id: `sink-${at}` }, connectionTypes: ["logs"] };
  return createChange(kind, {
    location,
    resource: `resource-${at}`,
    ...(kind === "delete"
      ? { before: shared, removedTypes: ["logs"] }
      : { after: shared, addedTypes: ["logs"] }),
  });
};
const renderLines = (changes: Change[]) => {
  const inputs = [...new Set(changes.map(({ location }) => location)), "acme/same"].map((location) => ({
    kind: location.endsWith(".json") ? ("plan" as const) : ("preview" as const),
    location,
  }));
  return renderMarkdown(createReview({ changes, inputs })).split("\n");
};

it("several stacks: totals first, then a section for each stack, those that stop sharing first", () => {
  const lines = renderLines([
    createStackChange("create", "acme/dev", 1),
    createStackChange("delete", "acme/prod", 2),
    createStackChange("create", "acme/prod", 3),
    createStackChange("create", "plan|1.json", 4),
  ]);
  const isStructure = (line: string) => /^(##|\*\*4|\d|\| [`p]|- )/.test(line);
  expect(lines.filter(isStructure).slice(0, -1)).toEqual([
    "## Cross-organization connections: 3 stacks and 1 plan",
    "**4 changes; ⛔ 1 stops sharing data; 3 share new data.**",
    "| `acme/prod` | 2 | 1 | 1 |",
    "| `acme/dev` | 1 | 0 | 1 |",
    "| plan\\|1.&#8203;json | 1 | 0 | 1 |",
    "| `acme/same` | 0 | 0 | 0 |",
    "### `acme/prod`",
    "2 changes; ⛔ 1 stops sharing data; 1 shares new data.",
    "#### What stops being shared",
    "- ⛔ **`source-2` → `sink-2`** stops sharing `logs`: the connection will be deleted — resource `resource-2`.",
    "#### What is newly shared",
    "- **`source-3` → `sink-3`** starts sharing `logs` — resource `resource-3`.",
    "#### What breaks",
    "- Dashboards, notebooks and queries of **`sink-2`** that use `logs` from **`source-2`** lose this data immediately.",
    "### `acme/dev`",
    "1 change; no data stops being shared; 1 shares new data.",
    "#### What is newly shared",
    "- **`source-1` → `sink-1`** starts sharing `logs` — resource `resource-1`.",
    "### `plan|1.json`",
    "1 change; no data stops being shared; 1 shares new data.",
    "#### What is newly shared",
    "- **`source-4` → `sink-4`** starts sharing `logs` — resource `resource-4`.",
  ]);
});

it("more than ten stacks: the changes of all stacks are together, because a reader could miss one that stops sharing", () => {
  const lines = renderLines(
    Array.from({ length: 11 }, (_, at) =>
      createStackChange(at === 9 ? "delete" : "create", `acme/${at}`, at),
    ),
  );
  expect(lines.filter((line) => /^\| `acme/.test(line))).toHaveLength(12);
  expect(lines.filter((line) => /^###/.test(line))).toEqual([
    "### What stops being shared",
    "### What is newly shared",
    "### What breaks",
    "### Who shares with whom",
  ]);
});

it("the command line: two previews of which one stops sharing, and the one without changes", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stacks-"));
  const connection = createSingle("to-hub", "hub", "logs");
  for (const [stack, op] of [
    ["dev", "create"],
    ["prod", "delete"],
    ["same", "same"],
  ] as const) {
    const urn = connection.urn.replace(":dev:", `:${stack}:`);
    const step = {
      op,
      urn,
      ...(op !== "create" && { oldState: connection }),
      ...(op !== "delete" && { newState: connection }),
    };
    writeFileSync(path.join(folder, `${stack}.json`), JSON.stringify({ steps: [step] }));
  }
  const files = ["dev.json", "prod.json", "same.json"];
  const { code, stdout } = await runCommand(["review", ...files], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(code).toBe(4);
  expect(
    stdout
      .split("\n")
      .filter((line) => /^(###? |\| `)/.test(line))
      .slice(0, 7),
  ).toEqual([
    "## Cross-organization connections: 3 stacks",
    "| `acme/prod` | 1 | 1 | 0 |",
    "| `acme/dev` | 1 | 0 | 1 |",
    "| `acme/same` | 0 | 0 | 0 |",
    "### What the preview does not show",
    "### `acme/prod`",
    "### `acme/dev`",
  ]);
});

it.each([
  ["the state of each stack is given, also of one without connections", ["dev", "prod"], "same", false],
  ["the state of one stack is missing", ["prod"], "same", true],
  ["a stack does not exist yet", ["prod"], "create", false],
])("%s", async (_, states, stackOp, isMissing) => {
  const folder = mkdtempSync(path.join(tmpdir(), "states-"));
  for (const stack of ["dev", "prod"]) {
    const urn = `urn:pulumi:${stack}::acme::pulumi:pulumi:Stack::acme-${stack}`;
    const connection = { ...createSingle("to-hub", "hub", "logs") };
    connection.urn = connection.urn.replace(":dev:", `:${stack}:`);
    const steps = [
      { op: stack === "dev" ? stackOp : "same", urn, newState: { type: "pulumi:pulumi:Stack" } },
      { op: stack === "dev" ? "create" : "update", urn: connection.urn, newState: connection },
    ];
    writeFileSync(path.join(folder, `${stack}.json`), JSON.stringify({ steps }));
    const resources = [{ urn, type: "pulumi:pulumi:Stack" }, ...(stack === "dev" ? [] : [connection])];
    writeFileSync(
      path.join(folder, `${stack}-state.json`),
      JSON.stringify({ version: 3, deployment: { resources } }),
    );
  }
  const options = states.flatMap((stack) => ["--state", `${stack}-state.json`]);
  const { stdout, stderr } = await runCommand(["review", "dev.json", "prod.json", ...options], {
    cwd: folder,
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  expect(stdout.includes("state of at least one stack was not given")).toBe(isMissing);
});
