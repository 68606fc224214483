/** `pulumi import` with the plugin, in a YAML project with the real engine. */
import path from "node:path";
import { expect, test } from "vitest";
import { createSeed, type Sandbox } from "../../sandbox/src/index.js";
import { ROOT } from "../tree.js";
import { useEngine, type Stack } from "./stack.js";

const SINGLE = "datadog-org-connections:index:OrgConnection";
const SET = "datadog-org-connections:index:OrgConnectionSet";
const PROJECT = `name: engine-test
runtime: yaml
plugins:
  providers:
    - name: datadog-org-connections
      path: ${path.join(ROOT, "plugin")}
`;

const engine = useEngine({ seed: createSeed({ sources: 20 }) });

/** Creates a YAML project. The default organization is "payments"; the others have variables. */
function createYamlStack(keys: readonly string[], program = ""): Stack {
  const stack = engine.createStack("", { source: "payments" });
  stack.writeFile("Pulumi.yaml", `${PROJECT}${program}`);
  for (const key of keys) {
    const suffix = key.toUpperCase().replace("-", "_");
    const { apiKey, appKey } = engine.sandbox.getOrganization(key);
    Object.assign(stack.env, { [`DD_API_KEY__${suffix}`]: apiKey, [`DD_APP_KEY__${suffix}`]: appKey });
  }
  const { PATH = "" } = stack.getEnvironment();
  const hosts = process.env["PULUMI_TEST_HOSTS"] ?? "";
  stack.env = { ...stack.env, PATH: [hosts, PATH].join(path.delimiter) };
  return stack;
}

/** Lists the calls of each organization since the last call of this function: `source-1 GET …/org_connections`. */
function takeCalls(sandbox: Sandbox): string[] {
  const calls = sandbox.requests.map((call) => `${call.organization ?? ""} ${call.method} ${call.path}`);
  sandbox.clearRequests();
  return calls;
}

const connect = (source: string, sink: string, connectionTypes = ["logs", "metrics"]) =>
  engine.sandbox.connect({ source, sink, connectionTypes });

test("six connections of two organizations and a set are imported without a write, and the code previews empty", async () => {
  const sources = Array.from({ length: 2 }, (_, at) => `source-${at + 1}`);
  const rows = sources.flatMap((source) =>
    ["observability", "security", "checkout"].map((sink) => ({ source, sink, id: connect(source, sink) })),
  );
  const members = ["observability", "security"].map((sink) => connect("search", sink, ["audit"]));
  const resources = rows.map(({ source, sink, id }, at) => {
    const sinkId = engine.getOrgId(sink);
    const ids = [id, `${source}/${sinkId}`, `${engine.getOrgId(source)}/${sinkId}`];
    return { type: SINGLE, name: `c${at}`, id: ids[at % 3] };
  });
  const stack = createYamlStack([...sources, "search"]);
  stack.writeFile(
    "import.json",
    JSON.stringify({ resources: [...resources, { type: SET, name: "search", id: "search" }] }),
  );
  const imported = await stack.start("import", "--yes", "--file", "import.json", "--out", "code.yaml");
  const { code, output } = await imported.done;
  expect(code, output).toBe(0);
  // One listing for each organization in the preview, and one in the import.
  const calls = takeCalls(engine.sandbox);
  const listings = calls.filter((call) => call.endsWith(" GET /api/v2/org_connections"));
  expect(listings).toHaveLength(2 * 4);
  expect(new Set(listings).size).toBe(4);
  expect(calls.filter((call) => !call.includes(" GET "))).toEqual([]);

  const state = await stack.loadState();
  const ids = state.flatMap(({ type, id }) => (type === SINGLE ? [id] : []));
  expect(ids.sort()).toEqual(rows.map(({ id }) => id).sort());
  const set = state.find(({ type }) => type === SET);
  expect(set?.id).toBe(engine.getOrgId("search"));
  const memberIds = Object.values(set?.outputs?.["members"] as Record<string, { id: string }>);
  expect(memberIds.map(({ id }) => id).sort()).toEqual(members.sort());

  stack.writeFile("Pulumi.yaml", `${PROJECT}${stack.readFile("code.yaml")}`);
  const preview = await stack.preview("--expect-no-changes");
  expect(preview.code, preview.output).toBe(0);
  expect(preview.requests).toEqual([]);
  const refreshed = await stack.preview("--refresh", "--expect-no-changes");
  expect(refreshed.code, refreshed.output).toBe(0);
  expect(takeCalls(engine.sandbox).filter((call) => !call.includes(" GET "))).toEqual([]);
}, 300_000);

test("one connection is imported on the command line; a wrong direction is an error that adds nothing", async () => {
  const id = connect("payments", "observability");
  const incoming = connect("checkout", "payments");
  const stack = createYamlStack([]);
  const imported = await stack.start("import", "--yes", SINGLE, "hub", id, "--out", "code.yaml");
  const { code, output } = await imported.done;
  expect(code, output).toBe(0);
  stack.writeFile("Pulumi.yaml", `${PROJECT}${stack.readFile("code.yaml")}`);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);

  const refused = await (await stack.start("import", "--yes", SINGLE, "incoming", incoming)).done;
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(`Connection ${incoming} goes from Acme Checkout`);
  expect(refused.output).toContain("[wrong-organization]");
  expect((await stack.loadState()).filter(({ type }) => type === SINGLE)).toHaveLength(1);
}, 300_000);

test("the resource option `import` takes SOURCE/DESTINATION_UUID, and the next previews are empty, with and without it", async () => {
  const id = connect("checkout", "security");
  const createProgram = (options: string) => `resources:
  share:
    type: ${SINGLE}
    properties:
      source: checkout
      sinkOrgId: ${engine.getOrgId("security")}
      connectionTypes: [metrics, logs]
${options}`;
  const withOption = createProgram(`    options:\n      import: checkout/${engine.getOrgId("security")}\n`);
  const stack = createYamlStack(["checkout"], withOption);
  const up = await stack.expectUp();
  expect(up.steps).toContain("import share");
  expect(up.requests.filter((call) => !call.startsWith("GET "))).toEqual([]);
  expect((await stack.loadState()).find(({ type }) => type === SINGLE)?.id).toBe(id);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  stack.writeFile("Pulumi.yaml", `${PROJECT}${createProgram("")}`);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
}, 300_000);

test("`get` reads by SOURCE/DESTINATION_UUID, by an ID with and without `source`, and a connection to the organization `source`", async () => {
  const id = connect("checkout", "security");
  const incoming = connect("search", "checkout");
  const stack = createYamlStack(
    ["checkout"],
    `resources:
  pair:
    type: ${SINGLE}
    get:
      id: checkout/${engine.getOrgId("security")}
  one:
    type: ${SINGLE}
    get:
      id: ${id}
      state:
        source: checkout
  incoming:
    type: ${SINGLE}
    get:
      id: ${incoming}
      state:
        source: checkout
  alone:
    type: ${SINGLE}
    get:
      id: ${id}
  all:
    type: ${SET}
    get:
      id: checkout
outputs:
  ids: ["\${one.id}", "\${alone.id}", "\${incoming.id}"]
  names: ["\${pair.sourceOrgName}", "\${one.sinkOrgName}", "\${incoming.sourceOrgName}"]
  member: "\${all.members[\\"${engine.getOrgId("security")}\\"].id}"
`,
  );
  const { output } = await stack.expectUp();
  const outputs = JSON.parse((await stack.runPulumi(["stack", "output", "--json"])).stdout) as unknown;
  expect(outputs, output).toEqual({
    ids: [id, id, incoming],
    names: ["Acme Checkout", "Acme Security", "Acme Search"],
    member: id,
  });
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
}, 300_000);
