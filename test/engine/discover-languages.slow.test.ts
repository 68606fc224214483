/** The programs that `discover --language` writes for the plugin, in YAML with the real engine, and in Python and Go with their tools. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { createDraft } from "../../cli/src/commands/discover/draft.js";
import { formatPluginProgram } from "../../cli/src/commands/discover/plugin-program.js";
import { createHostileInputs, HOSTILE_NAMES } from "../cli/commands/discover/hostile-names.js";
import { createEnv } from "../cli/live-env.js";
import { runDiscover } from "./discovered-stack.js";
import { listWrites } from "./expect-settled.js";
import { addPlugin } from "./plugin-stack.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const HOSTS = process.env["PULUMI_TEST_HOSTS"] ?? "";
const PYTHON = process.env["PULUMI_TEST_PYTHON"] ?? "python3";
const WELL_FORMED = HOSTILE_NAMES.map((name) => name.replace(/\p{Cs}/gu, "\ufffd"));

/** Creates a stack for a program in YAML, with the credentials of two organizations. */
function createYamlStack(): Stack {
  const stack = engine.createStack("");
  stack.env = {
    ...createEnv(engine.sandbox, ["payments", "search"]),
    PATH: [HOSTS, process.env["PULUMI_TEST_BIN"], process.env["PATH"]].join(path.delimiter),
  };
  stack.writeFile("Pulumi.yaml", "name: engine-test\nruntime: yaml\n");
  addPlugin(stack);
  for (const source of ["payments", "search"])
    engine.sandbox.connect({ source, sink: "observability", connectionTypes: ["logs", "metrics"] });
  return stack;
}

test.each(["single", "set"])(
  "YAML, %s: the first up adopts what is live, and the next preview is empty",
  async (form) => {
    const stack = createYamlStack();
    const before = engine.sandbox.listConnections();
    await runDiscover(stack, "--language", "yaml", "--form", form, "-o", "Main.yaml");
    const up = await stack.expectUp();
    const settled = await stack.preview("--refresh", "--expect-no-changes");
    expect(settled.code, settled.output).toBe(0);
    expect([up, settled].flatMap(listWrites)).toEqual([]);
    expect(engine.sandbox.listConnections()).toEqual(before);
  },
  120_000,
);

test("YAML: the engine reads hostile names as they are", async () => {
  const stack = createYamlStack();
  const draft = createDraft(createHostileInputs(), "single");
  // Names that are not valid as a source would fail in the check, so they are reasons here. All connections then have the same
  // source, so each gets a destination of its own.
  let count = 0;
  const text = formatPluginProgram(draft, "yaml", "2026-11-25")
    .replaceAll(/^ {6}source:/gm, "      reason:")
    .replaceAll(/^ {6}adopt: true\n/gm, "")
    .replaceAll(
      /^ {6}sinkOrgId: .*$/gm,
      () => `      sinkOrgId: aaaaaaaa-9000-4000-8000-${String(++count).padStart(12, "0")}`,
    );
  stack.writeFile("Main.yaml", text);
  await stack.setConfig("datadog-org-connections:checks", "offline");
  const preview = JSON.parse(await stack.previewAsJson()) as {
    steps: { newState?: { inputs?: Record<string, unknown> } }[];
  };
  const reasons = preview.steps.flatMap(({ newState }) => newState?.inputs?.["reason"] ?? []);
  expect(reasons.toSorted()).toEqual(WELL_FORMED.toSorted());
}, 120_000);

/** Prints the arguments of each call of a class of the SDK, without the SDK. */
const PYTHON_READER = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())
calls = [node.value for node in tree.body if isinstance(node, ast.Expr)]
other = [ast.unparse(node) for node in tree.body if not isinstance(node, ast.Expr)]
rows = [{k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg != "opts"} for call in calls]
print(json.dumps([other, rows]))
`;

test.each(["single", "set"] as const)(
  "Python, %s: a program with hostile names has exactly their values",
  (form) => {
    const stack = engine.createStack("");
    stack.writeFile(
      "__main__.py",
      formatPluginProgram(createDraft(createHostileInputs(), form), "python", "2026-11-25"),
    );
    const file = path.join(stack.folder, "__main__.py");
    execFileSync(PYTHON, ["-m", "py_compile", file]);
    const [other, rows] = JSON.parse(
      execFileSync(PYTHON, ["-c", PYTHON_READER, file], { encoding: "utf8" }),
    ) as [string[], { source: string }[]];
    expect(other).toEqual(["import pulumi", "import pulumi_datadog_org_connections as datadog"]);
    expect(rows.map(({ source }) => source).toSorted()).toEqual(WELL_FORMED.toSorted());
  },
);

test.each(["single", "set"] as const)("Go, %s: gofmt parses a program with hostile names", (form) => {
  const stack = engine.createStack("");
  stack.writeFile(
    "main.go",
    formatPluginProgram(createDraft(createHostileInputs(), form), "go", "2026-11-25"),
  );
  const formatted = execFileSync("gofmt", ["-e", path.join(stack.folder, "main.go")], { encoding: "utf8" });
  const calls = formatted.match(/^\t\tif _, err := datadog\.NewOrgConnection(Set)?\(/gm) ?? [];
  expect(calls).toHaveLength(HOSTILE_NAMES.length);
});
