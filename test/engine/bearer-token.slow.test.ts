/** A bearer token in the place of both keys, with the real engine: every operation works, and the token is stored nowhere. */
import { describe, expect, it } from "vitest";
import { builtInSeed, type SandboxSeed } from "../../sandbox/src/index.js";
import { findCanaries, findLeakingFiles } from "./canaries.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine({ seed: addCanaries(builtInSeed) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];
const declare = (types: string, source = "") =>
  `new OrgConnection("hub", { ${source} sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["${types}"] });`;

describe("a token in the environment", () => {
  it("creates, refreshes, updates and deletes, without a key in any request and without a trace", async () => {
    const stack = createStack(declare("logs"));
    expectNoLeaks(stack, await stack.preview(...LOGGED));
    expectNoLeaks(stack, await stack.up(...LOGGED));
    expectNoLeaks(stack, await stack.refresh(...LOGGED));
    stack.writeProgram(declare("audit"));
    expectNoLeaks(stack, await stack.up(...LOGGED));
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
    expectNoLeaks(stack, await stack.destroy(...LOGGED));
    expect(engine.listLive()).toEqual([]);
    expect(new Set(engine.sandbox.requests.map(({ credentials }) => credentials))).toEqual(
      new Set(["token"]),
    );
  });

  it("that has expired changes nothing and reports nothing as gone; a new one continues", async () => {
    const stack = createStack(declare("logs"));
    await stack.expectUp();
    const token = engine.sandbox.rotateToken("payments");
    for (const run of [await stack.refresh(...LOGGED), await stack.destroy(...LOGGED)]) {
      expect(run.errors.join()).toMatch(/taken from DD_BEARER_TOKEN: .*has expired.*\[unauthenticated\]/s);
      expectNoLeaks(stack, run, false);
    }
    expect(await stack.loadState()).toHaveLength(1);
    stack.env = { ...stack.env, DD_BEARER_TOKEN: token };
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });

  it("of another organization changes nothing", async () => {
    const stack = createStack(declare("logs"));
    await stack.expectUp();
    stack.env = { ...stack.env, DD_BEARER_TOKEN: engine.sandbox.getOrganization("search").bearerToken };
    const destroy = await stack.destroy();
    expect(destroy.errors.join()).toContain(`belong to organization ${engine.getOrgId("search")}`);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });
});

describe("a token in the stack configuration", () => {
  const at = "datadog-org-connections:organizations.payments";

  it("as a secret works, and is only stored encrypted", async () => {
    const stack = createStack(declare("logs", `source: "payments",`));
    stack.env = {};
    await stack.setConfig("--path", `${at}.url`, engine.sandbox.url);
    await stack.setConfig("--secret", "--path", `${at}.bearerToken`, getToken());
    expectNoLeaks(stack, await stack.up(...LOGGED));
    expectNoLeaks(stack, await stack.destroy(...LOGGED));
  });

  it("in plain text is rejected", async () => {
    const stack = createStack(declare("logs", `source: "payments",`));
    stack.env = {};
    await stack.setConfig("--plaintext", "--path", `${at}.bearerToken`, getToken());
    const run = await stack.up();
    expect(run.errors.join()).toMatch(/payments\.bearerToken.*\[credential-in-plain-text\]/s);
    expect(findCanaries(run.output)).toEqual([]);
    expect(engine.sandbox.requests).toEqual([]);
  });
});

const getToken = () => engine.sandbox.getOrganization("payments").bearerToken;

function createStack(program: string): Stack {
  const stack = engine.createStack(program);
  stack.env = { DD_HOST: engine.sandbox.url, DD_BEARER_TOKEN: getToken() };
  return stack;
}

/** Expects success or failure, and no token in the output, the files and the state of the run. */
function expectNoLeaks(stack: Stack, run: CliRun, succeeds = true): void {
  expect(findCanaries(run.output), "the output").toEqual([]);
  expect(run.code === 0, run.output.slice(-3000)).toBe(succeeds);
  expect(findLeakingFiles(stack.folder)).toEqual([]);
  expect(findCanaries(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
}

function addCanaries({ accounts }: SandboxSeed): SandboxSeed {
  return {
    accounts: accounts.map(({ name, organizations }) => ({
      name,
      organizations: organizations.map((organization) => ({
        ...organization,
        bearerToken: `CANARY-token-${organization.key}+/=%&?<>~`,
      })),
    })),
  };
}
