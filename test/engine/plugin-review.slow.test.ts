/** What the command line reads of real previews and states of the plugin: explicit providers, and pairs that both hosts declare. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { createPluginStack, writePluginProgram } from "./plugin-stack.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const SOURCES = ["payments", "search"];

/** Declares a provider for each organization, and a connection from each with the default organization of its provider. */
function declareConnections(): string {
  const args = { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] };
  return SOURCES.map((name) => {
    const { apiKey, appKey } = engine.sandbox.getOrganization(name);
    const keys = JSON.stringify({ url: engine.sandbox.url, apiKey, appKey });
    return `new PluginConnection("${name}", ${JSON.stringify(args)}, { provider: new PluginProvider("of-${name}", ${keys}) });`;
  }).join("\n");
}

interface Report {
  outcome: string;
  changes: { kind: string; resource: string; after?: { source: { id?: string; provider?: string } } }[];
  warnings: { code: string; sentence: string }[];
  notes: string[];
}

/** Reviews a preview, and expects that no output of any format contains a key. */
async function review(stack: Stack, ...args: string[]): Promise<Report> {
  const keys = SOURCES.flatMap((name) => {
    const { apiKey, appKey } = engine.sandbox.getOrganization(name);
    return [apiKey, appKey];
  });
  const run = async (...flags: string[]) => {
    const { stdout, stderr } = await runCommand(["review", ...args, ...flags], {
      cwd: stack.folder,
      env: {},
    });
    for (const key of keys) expect(stdout + stderr).not.toContain(key);
    return stdout;
  };
  await run("--format", "markdown");
  return JSON.parse(await run("--format", "json")) as Report;
}

const listSources = ({ changes }: Report) =>
  changes.map(({ resource, after }) => `${resource} from ${after?.source.id ?? "unknown"}`).toSorted();

const listProviders = ({ changes }: Report) =>
  changes.map(({ after }) => after?.source.provider?.split("::").at(-1)).toSorted();

test("providers without a name of the source are never confused, and a pair that both hosts declare is reported", async () => {
  const stack = createPluginStack(engine, declareConnections());
  stack.env = { DD_HOST: engine.sandbox.url };
  const expected = SOURCES.map((name) => `${name} from ${engine.getOrgId(name)}`).toSorted();
  stack.writeFile("preview.json", await stack.previewAsJson());
  // The preview as one object shows no outputs of a create, so each organization is that of its provider.
  expect(listProviders(await review(stack, "preview.json"))).toEqual(SOURCES.map((name) => `of-${name}`));
  stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
  stack.writeFile("events.json", await stack.previewAsJson());
  expect(listSources(await review(stack, "events.json"))).toEqual(expected);

  await stack.expectUp();
  stack.writeFile("state.json", (await stack.runPulumi(["stack", "export"])).stdout);
  const map = await runCommand(["map", "--state", "state.json"], { cwd: stack.folder, env: {} });
  expect(
    [map.code, SOURCES.filter((name) => !map.stdout.includes(engine.getOrgId(name)))],
    map.stderr,
  ).toEqual([0, []]);

  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  Object.assign(stack.env, { DD_API_KEY: apiKey, DD_APP_KEY: appKey });
  await stack.setConfig("datadog-org-connections:id", engine.getOrgId("payments"));
  const twice = { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"], adopt: true };
  writePluginProgram(stack, `${declareConnections()}\nnew OrgConnection("twice", ${JSON.stringify(twice)});`);
  stack.writeFile("preview.json", await stack.previewAsJson());
  const { warnings } = await review(stack, "preview.json", "--state", "state.json");
  expect(warnings.filter(({ code }) => code === "multiple-owners").map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(
      /^payments \(plugin, engine-test\/dev\) and twice \(engine-test\/dev\) both manage connection /,
    ),
  ]);
  expect(readFileSync(path.join(stack.folder, "state.json"), "utf8")).not.toContain(apiKey);
}, 120_000);

test("a create with `adopt` may stop sharing types if its provider runs no preview checks", async () => {
  const ends = { source: "payments", sink: "observability" } as const;
  engine.sandbox.connect({ ...ends, connectionTypes: ["logs", "audit"] });
  const { apiKey, appKey } = engine.sandbox.getOrganization(ends.source);
  const settings = { url: engine.sandbox.url, apiKey, appKey, checks: "offline" };
  const args = { sinkOrgId: engine.getOrgId(ends.sink), connectionTypes: ["logs"], adopt: true };
  const stack = createPluginStack(
    engine,
    `new PluginConnection("x", ${JSON.stringify(args)}, { provider: new PluginProvider("p", ${JSON.stringify(settings)}) });`,
  );
  for (const streaming of ["false", "true"]) {
    stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = streaming;
    stack.writeFile("preview.json", await stack.previewAsJson());
    expect((await review(stack, "preview.json")).outcome).toBe("destructive");
  }
}, 60_000);

test("without a network, each host reports its organization as not checked, and the review repeats it", async () => {
  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  const declare = (type: string, source?: string) =>
    ["observability", "security"].map((sink) => {
      const args = { source, sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] };
      return `new ${type}("${type}-${sink}", ${JSON.stringify(args)});`;
    });
  const stack = createPluginStack(
    engine,
    [...declare("OrgConnection", "payments"), ...declare("PluginConnection")].join("\n"),
  );
  for (const suffix of ["", "__PAYMENTS"])
    Object.assign(stack.env, {
      [`DD_HOST${suffix}`]: "http://127.0.0.1:1",
      [`DD_API_KEY${suffix}`]: apiKey,
      [`DD_APP_KEY${suffix}`]: appKey,
    });
  await stack.setConfig("datadog-org-connections:maxAttempts", "1");
  stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
  const preview = await stack.previewAsJson();
  expect(preview.match(/\[org-connections kind=not-checked /g)).toHaveLength(2);
  stack.writeFile("preview.json", preview);
  const { changes, notes } = await review(stack, "preview.json");
  expect(changes.map(({ kind }) => kind)).toEqual(["create", "create", "create", "create"]);
  expect(notes.filter((note) => note.includes("could not check")).toSorted()).toEqual([
    expect.stringContaining('the connections of organization "payments" [connection-failed]'),
    expect.stringContaining("the connections of the default organization [connection-failed]"),
  ]);
}, 240_000);
