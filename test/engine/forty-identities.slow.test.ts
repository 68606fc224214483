/** Forty organizations without a stored secret: one exchange for each organization and operation, no key, and no trace. */
import { describe, expect, it } from "vitest";
import { createSeed, type LoggedRequest, type Sandbox } from "../../sandbox/src/index.js";
import { findCanaries, findLeakingFiles } from "./canaries.js";
import { findProcessTree } from "./processes.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const names = Array.from({ length: 40 }, (_, index) => `source-${index + 1}`);
const engine = useEngine({ seed: createSeed({ sources: names.length }) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];

/** One form of identity: its settings for the machine, and what the sandbox accepts. */
interface Form {
  type: "github" | "aws";
  getVariables: (sandbox: Sandbox) => Record<string, string>;
  mapIdentity: (sandbox: Sandbox, organization: string) => void;
}

/** Made-up temporary credentials of a role, which the search for canaries finds. */
const ROLE = {
  accessKeyId: "ASIAEXAMPLEEXAMPLE12",
  secretAccessKey: "CANARY-api-aws-secret/+",
  sessionToken: "CANARY-token-aws-session/+=",
};

const forms: Form[] = [
  {
    type: "github",
    getVariables: ({ issuer }) => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.github.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
    }),
    mapIdentity: (sandbox, organization) =>
      sandbox.mapIdentity({ organization, identity: { type: "jwt", claims: {} } }),
  },
  {
    type: "aws",
    getVariables: () => ({
      AWS_ACCESS_KEY_ID: ROLE.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROLE.secretAccessKey,
      AWS_SESSION_TOKEN: ROLE.sessionToken,
    }),
    mapIdentity: (sandbox, organization) =>
      sandbox.mapIdentity({
        organization,
        identity: {
          type: "aws",
          ...ROLE,
          arn: "arn:aws:sts::123456789012:assumed-role/connections/run-1",
        },
      }),
  },
];

const declareAll = (types: string): string =>
  `for (const source of ${JSON.stringify(names)})
  new OrgConnection(source, { source, sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["${types}"] });`;
const listExpected = (types: string) => names.map((name) => `${name} → observability: ${types}`).toSorted();

/** Creates a stack whose configuration has no secret: the type of identity, and the id of each organization. */
function createStack({ type, getVariables, mapIdentity }: Form): Stack {
  const organizations = Object.fromEntries(names.map((name) => [name, { id: engine.getOrgId(name) }]));
  const config = {
    "datadog-org-connections:identity": { type },
    "datadog-org-connections:organizations": organizations,
  };
  for (const name of names) mapIdentity(engine.sandbox, name);
  const stack = engine.createStack(declareAll("logs"), { config: JSON.stringify({ config }) });
  stack.env = { DD_HOST: engine.sandbox.url, ...getVariables(engine.sandbox) };
  return stack;
}

const isExchange = ({ route }: LoggedRequest) => route === "exchangeToken";

/** Runs an operation, and collects the command lines of its processes. */
async function runOperation(stack: Stack, command: string, ...flags: string[]) {
  engine.sandbox.clearRequests();
  const { process, done } = await stack.start(command, ...flags, ...LOGGED);
  const commandLines = new Set<string>();
  const timer = setInterval(() => {
    for (const { command: words } of findProcessTree(process.pid ?? 0)) commandLines.add(words.join(" "));
  }, 100);
  const run = await done;
  clearInterval(timer);
  return { run, commandLines: [...commandLines], requests: [...engine.sandbox.requests] };
}

/** Expects success, one exchange for each organization, no key in any request, and no credential anywhere. */
function expectOneExchangeEach(
  stack: Stack,
  { run, commandLines, requests }: { run: CliRun; commandLines: string[]; requests: LoggedRequest[] },
): void {
  expect(run.code, run.output.slice(-3000)).toBe(0);
  const exchanged = requests.filter(isExchange).map(({ organization = "unknown" }) => organization);
  expect(exchanged.toSorted()).toEqual(names.toSorted());
  const kinds = requests.map((request) => `${isExchange(request)} ${request.credentials}`);
  expect(new Set(kinds)).toEqual(new Set(["true proof", "false token"]));
  const secrets = listSecrets(stack);
  const findSecrets = (text: string) => [
    ...findCanaries(text),
    ...(text.match(/eyJ[\w-]{8,}\.eyJ[\w-]{8,}/g) ?? []),
    ...secrets.filter((secret) => text.includes(secret)),
  ];
  expect(findSecrets(run.output), "the output").toEqual([]);
  expect(findLeakingFiles(stack.folder, findSecrets), "files").toEqual([]);
  expect(findSecrets(JSON.stringify(requests)), "the sandbox's log").toEqual([]);
  expect(commandLines.length).toBeGreaterThan(2);
  expect(findSecrets(commandLines.join("\n")), "command lines").toEqual([]);
}

/** The secrets of the machine: each variable except for addresses and names. */
const listSecrets = ({ env }: Stack): string[] =>
  Object.entries(env).flatMap(([name, value]) => (/TOKEN$|SECRET/.test(name) ? [value] : []));

describe.each(forms)("an identity of the type $type", (form) => {
  it("creates, refreshes, updates and deletes the connections of forty organizations", async () => {
    const stack = createStack(form);
    expectOneExchangeEach(stack, await runOperation(stack, "preview"));
    expect(engine.listLive()).toEqual([]);

    const run = (command: string) => runOperation(stack, command, "--yes", "--skip-preview");
    expectOneExchangeEach(stack, await run("up"));
    expect(engine.listLive()).toEqual(listExpected("logs"));
    // Without changes, there is nothing to authenticate.
    expect((await run("up")).requests).toEqual([]);
    expectOneExchangeEach(stack, await run("refresh"));

    stack.writeProgram(declareAll("audit"));
    expectOneExchangeEach(stack, await run("up"));
    expect(engine.listLive()).toEqual(listExpected("audit"));

    expectOneExchangeEach(stack, await run("destroy"));
    expect([engine.listLive(), await stack.loadState()]).toEqual([[], []]);
  }, 600_000);

  it("that one organization does not accept fails for this one only, and with no other credentials", async () => {
    const stack = createStack(form);
    engine.sandbox.reset();
    const [refused = "", ...others] = names;
    for (const name of others) form.mapIdentity(engine.sandbox, name);
    // Keys that would work, at a lower level.
    const { apiKey, appKey } = engine.sandbox.getOrganization(refused);
    stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    const { run, requests } = await runOperation(
      stack,
      "up",
      "--yes",
      "--skip-preview",
      "--continue-on-error",
    );
    expect(run.errors.join()).toContain("[identity-not-mapped]");
    expect(engine.listLive()).toEqual(listExpected("logs").filter((line) => !line.startsWith(`${refused} `)));
    expect(requests.filter(({ credentials }) => !["proof", "token"].includes(credentials))).toEqual([]);
  }, 600_000);
});
