import { expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import { createChange } from "../../changes/create-change.js";
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
