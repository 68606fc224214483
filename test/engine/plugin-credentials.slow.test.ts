import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { addCanaries, findCanaries, findLeakingFiles } from "./canaries.js";
import { createPluginStack, findPlugins, writePluginProgram } from "./plugin-stack.js";
import { findProcessTree, waitUntil } from "./processes.js";
import type { ExportedResource } from "./checkpoint.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine({ seed: addCanaries(createSeed({ sentinels: true })) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

const getKeys = (of: string) => {
  const { apiKey, appKey } = engine.sandbox.getOrganization(of);
  return { apiKey, appKey };
};
const declare = (name: string, sink: string, args = "", options = "{}") =>
  `new PluginConnection("${name}", { sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["logs"], ${args} }, ${options});`;

/** Expects the exit code, and no key in the output, the files, the state and the requests of a run. */
async function expectNoLeaks(stack: Stack, run: CliRun, code: 0 | 1): Promise<void> {
  expect(run.code === 0 ? 0 : 1, run.output.slice(-3000)).toBe(code);
  expect(findCanaries(run.output), "the output").toEqual([]);
  // State, history and backups, home folder, event logs, everything except for the program.
  const files = findLeakingFiles(stack.folder, findOutsideDebugLog).filter(
    (file) => path.basename(file) !== "index.js",
  );
  expect(files).toEqual([]);
  const { output } = await stack.runPulumi(["stack", "export"]);
  expect(findCanaries(output), "the export").toEqual([]);
  expect(findCanaries(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
}

/**
 * Finds keys in a file, except for debug messages in an event log. The Node SDK writes the arguments of every provider there, even
 * secrets (`RegisterResource RPC finished`).
 */
function findOutsideDebugLog(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/"diagnosticEvent":\{"prefix":"debug: /.test(line));
  return findCanaries(lines.join("\n"));
}

/** Runs every operation, with a failure of each, and expects no leak. */
async function expectNoLeaksEver(stack: Stack, program: string, flags: readonly string[]): Promise<void> {
  writePluginProgram(stack, program);
  await expectNoLeaks(stack, await stack.preview(...flags), 0);
  await expectNoLeaks(stack, await stack.up(...flags), 0);
  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  // A response that repeats both keys, as a careless gateway may send.
  const body = { errors: [`bad key ${apiKey} / ${encodeURIComponent(appKey)}`] };
  engine.sandbox.fail({ times: Infinity, moment: "before", what: { kind: "status", status: 403, body } });
  await expectNoLeaks(stack, await stack.refresh(...flags), 1);
  engine.sandbox.clearFaults();
  await expectNoLeaks(stack, await stack.refresh(...flags), 0);
  await expectNoLeaks(stack, await stack.destroy(...flags), 0);
}

describe("keys are nowhere in plain text", () => {
  it("from secrets in the stack configuration", async () => {
    const stack = createPluginStack(engine, "");
    await stack.useConfiguredKeys("payments");
    await expectNoLeaksEver(stack, declare("hub", "observability", `source: "payments"`), LOGGED);
  });

  it("from the arguments of a provider, which the program does not mark as secrets", async () => {
    const stack = createPluginStack(engine, "");
    stack.env = {};
    const organizations = { checkout: { ...getKeys("checkout"), url: engine.sandbox.url } };
    const { apiKey, appKey } = getKeys("payments");
    await expectNoLeaksEver(
      stack,
      `
        const url = ${JSON.stringify(engine.sandbox.url)};
        const provider = new PluginProvider("payments", {
          url,
          apiKey: ${JSON.stringify(apiKey)},
          appKey: ${JSON.stringify(appKey)},
          organizations: ${JSON.stringify(organizations)},
        });
        ${declare("one", "observability", "", "{ provider }")}
        ${declare("two", "security", "", "{ provider }")}`,
      [],
    );
  });

  it("from `organizations` of a provider, passed as an object", async () => {
    const stack = createPluginStack(engine, "");
    stack.env = {};
    const program = (of: string) => `
      const organizations = { payments: ${JSON.stringify({ ...getKeys(of), url: engine.sandbox.url })} };
      const provider = new pulumi.ProviderResource("datadog-org-connections", "payments", { organizations });
      ${declare("hub", "observability", `source: "payments"`, "{ provider }")}`;
    await expectNoLeaksEver(stack, program("payments"), []);
    await expectNoLeaks(stack, await stack.up(), 0);
    writePluginProgram(stack, program("checkout"));
    await expectNoLeaks(stack, await stack.preview(), 0);
    expect(findCanaries(await stack.previewAsJson())).toEqual([]);
  });

  it("in a provider that is refused", async () => {
    const stack = createPluginStack(engine, "");
    const { apiKey } = getKeys("payments");
    writePluginProgram(
      stack,
      `const provider = new PluginProvider("payments", { auth: ${JSON.stringify(apiKey)}, maxAttempts: ${JSON.stringify(apiKey)} });
      ${declare("hub", "observability", "", "{ provider }")}`,
    );
    const run = await stack.up();
    await expectNoLeaks(stack, run, 1);
    expect(run.errors.join()).toContain('`auth` must be "headers" or "query"');
    expect(run.errors.join()).toContain("`maxAttempts` must be an integer");
  });

  it("in the arguments of the processes of an operation, and in the state, which has them encrypted", async () => {
    const stack = createPluginStack(engine, "");
    const { apiKey, appKey } = getKeys("payments");
    writePluginProgram(
      stack,
      `const provider = new PluginProvider("payments", {
        url: ${JSON.stringify(engine.sandbox.url)},
        apiKey: ${JSON.stringify(apiKey)},
        appKey: ${JSON.stringify(appKey)},
      });
      ${declare("hub", "observability", "", "{ provider }")}`,
    );
    const what = { kind: "delay", ms: 1000 } as const;
    engine.sandbox.fail({ on: { route: "createConnection" }, moment: "before", what });
    const up = await stack.start("up", "--yes", "--skip-preview");
    const cli = up.process.pid ?? 0;
    await waitUntil("a create", () => engine.sandbox.requests.some(({ method }) => method === "POST"));
    expect(findPlugins(cli)).not.toEqual([]);
    expect(
      findCanaries(
        findProcessTree(cli)
          .flatMap(({ command }) => command)
          .join(" "),
      ),
    ).toEqual([]);
    await expectNoLeaks(stack, await up.done, 0);
    const [provider] = (await stack.loadState()).filter(({ type }) => type.startsWith("pulumi:providers:"));
    for (const properties of [provider?.inputs, provider?.outputs]) {
      for (const name of ["apiKey", "appKey"])
        expect(JSON.stringify(properties?.[name])).toContain(SECRET_SIGNATURE);
      expect(properties).toMatchObject({ url: engine.sandbox.url });
    }
    const checkpoint = path.join(stack.folder, "backend/.pulumi/stacks/engine-test/dev.json");
    expect(findCanaries(readFileSync(checkpoint, "utf8"))).toEqual([]);
  });
});

it("an older state, which has `organizations` as an object in plain text, has no difference", async () => {
  const stack = createPluginStack(engine, "");
  stack.env = {};
  const args = { organizations: { payments: { ...getKeys("payments"), url: engine.sandbox.url } } };
  writePluginProgram(
    stack,
    `const provider = new pulumi.ProviderResource("datadog-org-connections", "payments", ${JSON.stringify(args)});
    ${declare("hub", "observability", `source: "payments"`, "{ provider }")}`,
  );
  await stack.expectUp();
  await stack.editState((text) => {
    const state = JSON.parse(text) as { deployment: { resources: ExportedResource[] } };
    const provider = state.deployment.resources.find(({ urn }) => urn.endsWith("::payments"));
    Object.assign(provider ?? {}, { inputs: args, outputs: args });
    return JSON.stringify(state);
  });
  const preview = await stack.preview();
  expect([preview.code, preview.steps], preview.output).toEqual([0, []]);
  const up = await stack.expectUp();
  expect([up.steps, up.requests]).toEqual([[], []]);
  expect(findCanaries((await stack.runPulumi(["stack", "export"])).output)).toEqual([]);
});

describe("two providers of a program", () => {
  it("have different keys, which the environment does not replace, and a rotation replaces nothing", async () => {
    const stack = createPluginStack(engine, "", { source: "search" });
    stack.env = {
      ...stack.env,
      DD_API_KEY__DEFAULT: getKeys("search").apiKey,
      DD_APP_KEY__DEFAULT: getKeys("search").appKey,
      DD_HOST__DEFAULT: engine.sandbox.url,
    };
    const createProgram = () =>
      ["payments", "checkout"]
        .map((name) => {
          const args = JSON.stringify({ ...getKeys(name), url: engine.sandbox.url });
          return `{
            const provider = new PluginProvider("${name}", ${args});
            ${declare(`from-${name}`, "observability", "", "{ provider }")}
          }`;
        })
        .join("\n");
    writePluginProgram(stack, `${createProgram()}\n${declare("from-default", "observability")}`);
    await stack.expectUp();
    const live = ["checkout", "payments", "search"].map((source) => `${source} → observability: logs`);
    expect(engine.listLive()).toEqual(live);

    const ids = engine.sandbox.listConnections().map(({ id }) => id);
    engine.sandbox.rotateKeys("payments");
    writePluginProgram(stack, `${createProgram()}\n${declare("from-default", "observability")}`);
    const rotated = await stack.expectUp();
    expect(rotated.steps).toEqual(["update payments"]);
    expect((await stack.refresh()).code).toBe(0);
    expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});
