/** Credentials with recognizable names are nowhere: not in outputs, the engine's log, files, the state and its history. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSeed, type FaultAction } from "../../sandbox/src/index.js";
import { addCanaries, findCanaries, findLeakingFiles } from "./canaries.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine({ seed: addCanaries(createSeed({ sentinels: true })) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];
/** A line of the engine's log at level 9. */
const LOG_LINE = /^\{"time":.*"v":9\}$/m;
const AT = "datadog-org-connections:organizations.payments";
const getPayments = () => engine.sandbox.getOrganization("payments");

const declareFrom =
  (args: string) =>
  (sink: string, types = "logs") =>
    `new OrgConnection("hub", { ${args} sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["${types}"] });`;
const declare = declareFrom("");
const declareNamed = declareFrom(`source: "payments",`);

/** Expects the exit code, and no credential in the output, the files and the state of the run. */
async function expectNoLeaks(stack: Stack, run: CliRun, code: 0 | 1 = 0): Promise<void> {
  expect(findCanaries(run.output), "the output").toEqual([]);
  expect(run.code === 0 ? 0 : 1, run.output.slice(-3000)).toBe(code);
  // State, history and backups, home folder, event logs, everything.
  expect(findLeakingFiles(stack.folder)).toEqual([]);
  // The engine keeps an encrypted copy of keys in the configuration, which --show-secrets prints.
  const flags = Object.keys(stack.env).length > 1 ? ["--show-secrets"] : [];
  const { output } = await stack.runPulumi(["stack", "export", ...flags]);
  expect(findCanaries(output), "the export").toEqual([]);
  expect(findCanaries(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
}

interface Form {
  of: string;
  declare: typeof declare;
  prepare: (stack: Stack) => unknown;
  /** How requests are authenticated. */
  credentials: string;
}

const useToken = (stack: Stack) =>
  void (stack.env = { DD_HOST: engine.sandbox.url, DD_BEARER_TOKEN: getPayments().bearerToken });
const forms: Form[] = [
  { of: "keys in the environment", declare, prepare: () => undefined, credentials: "keys" },
  { of: "a token in the environment", declare, prepare: useToken, credentials: "token" },
  {
    of: "keys as secrets in the stack configuration",
    declare: declareNamed,
    prepare: (stack) => stack.useConfiguredKeys("payments"),
    credentials: "keys",
  },
  {
    of: "a token as a secret in the stack configuration",
    declare: declareNamed,
    prepare: async (stack) => {
      stack.env = {};
      await stack.setConfig("--path", `${AT}.url`, engine.sandbox.url);
      await stack.setConfig("--secret", "--path", `${AT}.bearerToken`, getPayments().bearerToken);
    },
    credentials: "token",
  },
];

describe.each(forms)("$of", ({ declare: declareHub, prepare, credentials }) => {
  it("are not leaked by preview, up, update, refresh, a failure of each, and destroy", async () => {
    const stack = engine.createStack(declareHub("observability"));
    await prepare(stack);
    const preview = await stack.preview(...LOGGED);
    expect(preview.output).toMatch(LOG_LINE);
    await expectNoLeaks(stack, preview);
    await expectNoLeaks(stack, await stack.up(...LOGGED));
    stack.writeProgram(declareHub("observability", "audit"));
    // A response that repeats the credentials, as a careless gateway may send.
    const { apiKey, appKey, bearerToken } = getPayments();
    const errors =
      credentials === "token"
        ? [`bad token ${bearerToken}`, `Bearer ${encodeURIComponent(bearerToken)}`]
        : [`bad key ${apiKey} / ${encodeURIComponent(appKey)}`, appKey];
    const what = { kind: "status", status: 403, body: { errors } } as const;
    engine.sandbox.fail({ times: Infinity, moment: "before", what });
    await expectNoLeaks(stack, await stack.refresh(...LOGGED), 1);
    await expectNoLeaks(stack, await stack.up(...LOGGED), 1);
    await expectNoLeaks(stack, await stack.destroy(...LOGGED), 1);
    engine.sandbox.clearFaults();
    await expectNoLeaks(stack, await stack.up(...LOGGED));
    await expectNoLeaks(stack, await stack.refresh(...LOGGED));
    await expectNoLeaks(stack, await stack.destroy(...LOGGED));
    expect(new Set(engine.sandbox.requests.map((request) => request.credentials))).toEqual(
      new Set([credentials]),
    );
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).not.toContain("query");
  });
});

describe("keys in the environment are not leaked", () => {
  // All failures of a request are tested in test/core/api/keys-stay-secret.test.ts.
  it("by creates that fail with an unknown outcome, a rate limit, or a redirect that repeats the keys", async () => {
    const { apiKey, appKey } = getPayments();
    const body = { errors: [`bad key ${apiKey}`, appKey] };
    const failures: [code: string, what: FaultAction][] = [
      ["outcome-unknown", { kind: "status", status: 500, body }],
      ["rate-limited", { kind: "status", status: 429, body, headers: { "X-RateLimit-Reset": "3600" } }],
      [
        "outcome-unknown",
        { kind: "redirect", location: `https://elsewhere.example/?api_key=${encodeURIComponent(apiKey)}` },
      ],
    ];
    const stack = engine.createStack(declare("observability"));
    for (const [code, what] of failures) {
      engine.sandbox.fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what });
      const run = await stack.up(...LOGGED);
      await expectNoLeaks(stack, run, 1);
      expect(run.errors.join()).toContain(`[${code}]`);
      engine.sandbox.clearFaults();
    }
  });

  it.each([
    ["a malformed key", { DD_APP_KEY: "CANARY-app-payments with blanks" }],
    ["a key instead of the address", { DD_HOST: "CANARY-api-payments" }],
    ["a key instead of the site", { DD_HOST: "", DD_SITE: "CANARY-api-payments" }],
  ])("by a preview that fails because of %s", async (_, env) => {
    const stack = engine.createStack(declare("observability"));
    stack.env = { ...stack.env, ...env };
    const run = await stack.preview(...LOGGED);
    await expectNoLeaks(stack, run, 1);
    expect(run.errors.join()).toContain("[invalid-configuration]");
  });

  it("with auth: query, when the server cuts off responses", async () => {
    const stack = engine.createStack(declare("observability"));
    await stack.setConfig("datadog-org-connections:auth", "query");
    await expectNoLeaks(stack, await stack.preview(...LOGGED));
    const what = { kind: "reset" } as const;
    engine.sandbox.fail({ on: { route: "createConnection" }, moment: "before", what });
    await expectNoLeaks(stack, await stack.up(...LOGGED));
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).toEqual(new Set(["query"]));
  });
});

it("keys in plain text in the stack configuration are rejected, are not repeated, and are not in the state", async () => {
  const stack = engine.createStack(declare("observability"));
  const { apiKey, appKey } = getPayments();
  stack.env = { DD_HOST: engine.sandbox.url };
  await stack.setConfig("--plaintext", "datadog-org-connections:apiKey", apiKey);
  await stack.setConfig("--plaintext", "datadog-org-connections:appKey", appKey);
  const run = await stack.up();
  expect(run.errors.join()).toContain("[credential-in-plain-text]");
  expect(findCanaries(run.output)).toEqual([]);
  expect(engine.sandbox.requests).toEqual([]);
  // The engine copies Pulumi.dev.yaml into its history before the program runs. The state has no key.
  expect(findLeakingFiles(path.join(stack.folder, "backend/.pulumi/stacks"))).toEqual([]);
});

it("the search finds a credential, even URL-encoded", () => {
  const { apiKey, appKey, bearerToken } = getPayments();
  expect(findCanaries(`x${apiKey}y ${encodeURIComponent(appKey)} ${bearerToken}`)).toHaveLength(3);
});
