import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSeed, type FaultAction } from "../../sandbox/src/index.js";
import { addCanaries, findCanaries, findLeakingFiles } from "./canaries.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine({ seed: addCanaries(createSeed({ sentinels: true })) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];
/** A line of the engine's log at level 9. */
const LOG_LINE = /^\{"time":.*"v":9\}$/m;

const declare = (sink: string, args = `connectionTypes: ["logs"]`, name = "hub") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.getOrgId(sink)}", ${args} });`;
const declareHub = () => declare("observability");

describe("keys in the environment are not leaked", () => {
  it("by successful preview, up, refresh, update, replace and destroy", async () => {
    const stack = engine.createStack(declareHub());
    const preview = await stack.preview(...LOGGED);
    expect(preview.output).toMatch(LOG_LINE);
    await expectNoLeaks(stack, preview, 0);
    await expectNoLeaks(stack, await stack.up(...LOGGED), 0);
    await expectNoLeaks(stack, await stack.refresh(...LOGGED), 0);
    stack.writeProgram(declare("observability", `connectionTypes: ["audit"]`));
    await expectNoLeaks(stack, await stack.up(...LOGGED), 0);
    stack.writeProgram(declare("security"));
    await expectNoLeaks(stack, await stack.up(...LOGGED), 0);
    await expectNoLeaks(stack, await stack.destroy(...LOGGED), 0);
  });

  // A response that repeats both keys, as a careless gateway may send.
  const createEchoBody = () => {
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    return { errors: [`bad key ${apiKey} / ${encodeURIComponent(appKey)}`, appKey] };
  };
  const quickly = { "X-RateLimit-Reset": "3600" };
  const failures: { of: string; code: RegExp; createFault: () => FaultAction }[] = [
    {
      of: "400",
      code: /\[bad-request\]/,
      createFault: () => ({ kind: "status", status: 400, body: createEchoBody() }),
    },
    {
      of: "401",
      code: /\[unauthenticated\]/,
      createFault: () => ({ kind: "status", status: 401, body: createEchoBody() }),
    },
    {
      of: "403",
      code: /\[forbidden\]/,
      createFault: () => ({ kind: "status", status: 403, body: createEchoBody() }),
    },
    {
      of: "404",
      code: /\[not-found\]/,
      createFault: () => ({ kind: "status", status: 404, body: createEchoBody() }),
    },
    {
      of: "409",
      code: /\[pair-exists\]/,
      createFault: () => ({ kind: "status", status: 409, body: createEchoBody() }),
    },
    {
      of: "418",
      code: /\[unexpected-status\]/,
      createFault: () => ({ kind: "status", status: 418, body: createEchoBody() }),
    },
    {
      of: "429",
      code: /\[rate-limited\]/,
      createFault: () => ({ kind: "status", status: 429, body: createEchoBody(), headers: quickly }),
    },
    {
      of: "500",
      code: /\[outcome-unknown\]/,
      createFault: () => ({ kind: "status", status: 500, body: createEchoBody() }),
    },
    { of: "a reset", code: /\[outcome-unknown\]/, createFault: () => ({ kind: "reset" }) },
    { of: "a cut body", code: /\[outcome-unknown\]/, createFault: () => ({ kind: "truncate" }) },
    { of: "a gateway's page", code: /\[outcome-unknown\]/, createFault: () => ({ kind: "html" }) },
    { of: "a login page", code: /\[outcome-unknown\]/, createFault: () => ({ kind: "html", status: 200 }) },
    {
      of: "JSON of another shape",
      code: /\[outcome-unknown\]/,
      createFault: () => ({ kind: "json", body: createEchoBody() }),
    },
    {
      of: "a redirect that repeats the keys",
      code: /redirected the request .* to elsewhere\.example.*\[outcome-unknown\]/s,
      createFault: () => {
        const { apiKey } = engine.sandbox.getOrganization("payments");
        return {
          kind: "redirect",
          location: `https://elsewhere.example/?api_key=${encodeURIComponent(apiKey)}`,
        };
      },
    },
  ];

  it.each(failures)("by a create that fails with $of", async ({ code, createFault }) => {
    const stack = engine.createStack(declareHub());
    engine.sandbox.fail({
      on: { route: "createConnection" },
      times: Infinity,
      moment: "before",
      what: createFault(),
    });
    const run = await stack.up(...LOGGED);
    await expectNoLeaks(stack, run, 1);
    expect(run.errors.join()).toMatch(code);
  });

  it.each(failures.filter(({ of }) => ["401", "403", "429"].includes(of)))(
    "by a refresh, an update and a destroy that fail with $of",
    async ({ code, createFault }) => {
      const stack = engine.createStack(declareHub());
      await stack.expectUp();
      stack.writeProgram(declare("observability", `connectionTypes: ["audit"]`));
      engine.sandbox.fail({ times: Infinity, moment: "before", what: createFault() });
      const refresh = await stack.refresh(...LOGGED);
      await expectNoLeaks(stack, refresh, 1);
      expect(refresh.errors.join()).toMatch(code);
      await expectNoLeaks(stack, await stack.up(...LOGGED), 1);
      await expectNoLeaks(stack, await stack.destroy(...LOGGED), 1);
    },
  );

  const programs: {
    of: string;
    code: string;
    createProgram: () => string;
    prepare?: (stack: Stack) => unknown;
  }[] = [
    {
      of: "the keys of another organization",
      code: "wrong-organization",
      createProgram: declareHub,
      prepare: (stack) => stack.setConfig("datadog-org-connections:id", engine.getOrgId("checkout")),
    },
    {
      of: "a pair that exists",
      code: "pair-exists",
      createProgram: declareHub,
      prepare: () => engine.sandbox.connect({ source: "payments", sink: "observability" }),
    },
    {
      of: "an unknown source",
      code: "unknown-source",
      createProgram: () => declare("observability", `source: "paymints"`),
    },
    {
      of: "one key missing",
      code: "credentials-missing",
      createProgram: declareHub,
      prepare: (stack) => void (stack.env = { ...stack.env, DD_APP_KEY: "" }),
    },
    {
      of: "a malformed key",
      code: "invalid-configuration",
      createProgram: declareHub,
      prepare: (stack) =>
        void (stack.env = { ...stack.env, DD_APP_KEY: `${stack.env["DD_APP_KEY"]} with blanks` }),
    },
    {
      of: "a key instead of the address",
      code: "invalid-configuration",
      createProgram: declareHub,
      prepare: (stack) => void (stack.env = { ...stack.env, DD_HOST: stack.env["DD_API_KEY"] ?? "" }),
    },
    {
      of: "a key instead of the site",
      code: "invalid-configuration",
      createProgram: declareHub,
      prepare: (stack) =>
        void (stack.env = { ...stack.env, DD_HOST: "", DD_SITE: stack.env["DD_API_KEY"] ?? "" }),
    },
    {
      of: "a site that does not resolve",
      code: "name-not-resolved",
      createProgram: declareHub,
      prepare: (stack) => void (stack.env = { ...stack.env, DD_HOST: "", DD_SITE: "no-such-site.invalid" }),
    },
    {
      of: "a destination in another account",
      code: "not-found",
      createProgram: () => declare("globex-shop"),
    },
    {
      of: "the source as its own destination",
      code: "invalid-input",
      createProgram: () => declare("payments"),
    },
    {
      of: "a function call for an unknown organization",
      code: "organization-unknown",
      createProgram: () => `await getOrganization({ name: "Unknown" });`,
    },
  ];

  it.each(programs)("by a preview that fails because of $of", async ({ code, createProgram, prepare }) => {
    const stack = engine.createStack(createProgram());
    await prepare?.(stack);
    const run = await stack.preview(...LOGGED);
    await expectNoLeaks(stack, run, 1);
    expect(run.errors.join()).toContain(`[${code}]`);
  });

  it("and the search would find one, even URL-encoded", () => {
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    expect(findCanaries(`x${apiKey}y ${encodeURIComponent(appKey)}`)).toHaveLength(2);
  });

  it("by the URLs of requests", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).toEqual(new Set(["headers"]));
  });

  it("with auth: query, when the server cuts off responses", async () => {
    const stack = engine.createStack(declareHub());
    await stack.setConfig("datadog-org-connections:auth", "query");
    await expectNoLeaks(stack, await stack.preview(...LOGGED), 0);
    engine.sandbox.fail({
      on: { route: "createConnection" },
      moment: "before",
      what: { kind: "reset" },
    });
    await expectNoLeaks(stack, await stack.up(...LOGGED), 0);
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).toEqual(new Set(["query"]));
  });
});

describe("keys as secrets in the stack configuration", () => {
  async function createConfiguredStack(createProgram: string): Promise<Stack> {
    const stack = engine.createStack(createProgram);
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    stack.env = {};
    const at = "datadog-org-connections:organizations.payments";
    await stack.setConfig("--path", `${at}.url`, engine.sandbox.url);
    await stack.setConfig("--secret", "--path", `${at}.apiKey`, apiKey);
    await stack.setConfig("--secret", "--path", `${at}.appKey`, appKey);
    return stack;
  }
  const declareNamed = (types = "logs") =>
    declare("observability", `source: "payments", connectionTypes: ["${types}"]`);

  it("are not leaked by success and failure", async () => {
    const stack = await createConfiguredStack(declareNamed());
    await expectNoLeaks(stack, await stack.preview(), 0);
    await expectNoLeaks(stack, await stack.up(), 0);
    engine.sandbox.setPermissions("payments", []);
    await expectNoLeaks(stack, await stack.refresh(), 1);
    stack.writeProgram(declareNamed("audit"));
    await expectNoLeaks(stack, await stack.up(), 1);
    await expectNoLeaks(stack, await stack.destroy(), 1);
  });

  it("are not in the log of the engine at -v=9", async () => {
    const stack = await createConfiguredStack(declareNamed());
    await expectNoLeaks(stack, await stack.up(...LOGGED), 0);
    await expectNoLeaks(stack, await stack.refresh(...LOGGED), 0);
    await expectNoLeaks(stack, await stack.destroy(...LOGGED), 0);
  });

  it("in plain text are rejected, are not repeated, and are not in the state", async () => {
    const stack = engine.createStack(declareHub());
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    stack.env = { DD_HOST: engine.sandbox.url };
    await stack.setConfig("--plaintext", "datadog-org-connections:apiKey", apiKey);
    await stack.setConfig("--plaintext", "datadog-org-connections:appKey", appKey);
    const run = await stack.up();
    expect(run.errors.join()).toContain("[credential-in-plain-text]");
    expect(findCanaries(run.output)).toEqual([]);
    // The engine copies Pulumi.dev.yaml into its history before the program runs. The state has no key.
    expect(findLeakingFiles(path.join(stack.folder, "backend/.pulumi/stacks"))).toEqual([]);
  });
});

/** Expects the exit code, and no key in the output, the files and the state of the run. */
async function expectNoLeaks(stack: Stack, run: CliRun, code: 0 | 1): Promise<void> {
  expect(findCanaries(run.output), "the output").toEqual([]);
  expect(run.code === 0 ? 0 : 1, run.output.slice(-3000)).toBe(code);
  // State, history and backups, home folder, event logs, everything.
  expect(findLeakingFiles(stack.folder)).toEqual([]);
  // The engine keeps an encrypted copy of keys in the configuration, which --show-secrets prints.
  const flags = stack.env["DD_API_KEY"] === undefined ? [] : ["--show-secrets"];
  expect(findCanaries((await stack.runPulumi(["stack", "export", ...flags])).output), "the export").toEqual(
    [],
  );
  expect(findCanaries(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
}
