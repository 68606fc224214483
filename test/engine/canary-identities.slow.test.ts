/**
 * The credentials of a workload identity appear nowhere: not in states, files, outputs, the engine's log, and the command lines of
 * processes. These are the tokens of issuers, the request token of a job, AWS credentials, signed requests, and access tokens.
 */
import { describe, expect, it } from "vitest";
import type { Fault } from "../../sandbox/src/index.js";
import { findIdentityCanaries, findLeakingFiles } from "./canaries.js";
import { findProcessTree } from "./processes.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const countExchanges = () => engine.sandbox.requests.filter(({ route }) => route === "exchangeToken").length;
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];

const ROLE = {
  accessKeyId: "ASIAEXAMPLEEXAMPLE12",
  secretAccessKey: "CANARY-api-aws-secret/+",
  sessionToken: `CANARY-token-aws-session/+=${"x".repeat(100)}`,
};
const ARN = "arn:aws:sts::123456789012:assumed-role/connections/run-1";

/** One type of identity, and the variables that prove it. */
interface Form {
  type: "github" | "oidc" | "aws";
  getVariables: () => Promise<Record<string, string>>;
}

const issueToken = () =>
  engine.sandbox.issuer.issueToken({
    audience: `datadog/${engine.getOrgId("payments")}`,
    lifetimeSeconds: 3600,
  });

const forms: Form[] = [
  {
    type: "github",
    getVariables: () => {
      const { requestUrl, requestToken } = engine.sandbox.issuer.github;
      const variables = {
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      };
      return Promise.resolve(variables);
    },
  },
  { type: "oidc", getVariables: async () => ({ DD_OIDC_TOKEN: await issueToken() }) },
  {
    type: "aws",
    getVariables: () =>
      Promise.resolve({
        AWS_ACCESS_KEY_ID: ROLE.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ROLE.secretAccessKey,
        AWS_SESSION_TOKEN: ROLE.sessionToken,
      }),
  },
];

const declare = (types: string) =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["${types}"] });`;

async function createStack({ type, getVariables }: Form): Promise<Stack> {
  for (const identity of [
    { type: "jwt", claims: {} },
    { type: "aws", ...ROLE, arn: ARN },
  ] as const)
    engine.sandbox.mapIdentity({ organization: "payments", identity });
  const stack = engine.createStack(declare("logs"));
  stack.env = {
    DD_HOST: engine.sandbox.url,
    DD_CLOUD_PROVIDER_TYPE: type,
    DD_ORG_UUID: engine.getOrgId("payments"),
    ...(await getVariables()),
  };
  return stack;
}

/** Runs a command. Expects its exit code, and no credential in its output, its processes, the files and the state. */
async function expectNoLeaks(
  stack: Stack,
  command: "preview" | "up" | "refresh" | "destroy",
  code: 0 | 1 = 0,
): Promise<string> {
  const flags = command === "preview" ? ["--diff"] : ["--yes", "--skip-preview"];
  const { process, done } = await stack.start(command, ...flags, ...LOGGED);
  const commandLines = new Set<string>();
  const timer = setInterval(() => {
    for (const { command: words } of findProcessTree(process.pid ?? 0)) commandLines.add(words.join(" "));
  }, 100);
  const run = await done.finally(() => clearInterval(timer));
  expect(run.code === 0 ? 0 : 1, run.output.slice(-3000)).toBe(code);
  expect(commandLines.size).toBeGreaterThan(2);
  expect(findIdentityCanaries([...commandLines].join("\n")), "command lines").toEqual([]);
  expect(findIdentityCanaries(run.output), "the output").toEqual([]);
  expect(findLeakingFiles(stack.folder, findIdentityCanaries), "files").toEqual([]);
  const exported = await stack.runPulumi(["stack", "export", "--show-secrets"]);
  expect(findIdentityCanaries(exported.output), "the export").toEqual([]);
  expect(findIdentityCanaries(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
  return run.errors.join("\n");
}

const failExchange = (what: Fault["what"]) =>
  engine.sandbox.fail({ on: { route: "exchangeToken" }, times: Infinity, moment: "before", what });

describe.each(forms)("the credentials of the type $type are not leaked", (form) => {
  it("by successful operations", async () => {
    const stack = await createStack(form);
    await expectNoLeaks(stack, "preview");
    await expectNoLeaks(stack, "up");
    await expectNoLeaks(stack, "refresh");
    stack.writeProgram(declare("audit"));
    await expectNoLeaks(stack, "up");
    await expectNoLeaks(stack, "destroy");
    expect(countExchanges()).toBe(5);
  });
});

const [github, oidc, aws] = forms as [Form, Form, Form];

describe("a proof is not leaked by a refused exchange", () => {
  it.each([
    { form: oidc, part: "DD_OIDC_TOKEN" },
    { form: aws, part: "AWS_SESSION_TOKEN" },
  ])("whose response repeats the $part", async ({ form, part }) => {
    const stack = await createStack(form);
    const value = stack.env[part] ?? "";
    failExchange({ kind: "status", status: 403, body: { errors: [`refused: ${value}`, `oidc-${value}`] } });
    expect(await expectNoLeaks(stack, "up", 1)).toContain("delegated-token: 403");
  });
});

describe("an access token is not leaked", () => {
  // The sandbox did not issue it, so each response is that of the fault.
  const token = "CANARY-token-access-1+/=%&?<>~";
  const createBody = (attributes: object) => ({ data: { type: "delegated_token", attributes } });

  it("by a call that fails with 403, whose response repeats it", async () => {
    const stack = await createStack(github);
    failExchange({ kind: "json", body: createBody({ access_token: token }) });
    for (const route of ["listConnections", "listOrganizations", "createConnection"] as const) {
      const body = { errors: [`bad token ${token}`, `Bearer ${encodeURIComponent(token)}`] };
      const what = { kind: "status", status: 403, body } as const;
      engine.sandbox.fail({ on: { route }, times: Infinity, moment: "before", what });
    }
    expect(await expectNoLeaks(stack, "up", 1)).toContain(": 403)");
  });
});

it("a malformed token is not leaked", async () => {
  const stack = await createStack(oidc);
  stack.env = { ...stack.env, DD_OIDC_TOKEN: "CANARY-token-oidc-1 and another line" };
  expect(await expectNoLeaks(stack, "up", 1)).toContain("[identity-invalid]");
  expect(countExchanges()).toBe(0);
});

it("the search finds each of them, also in Base64", async () => {
  const headers = JSON.stringify({ "X-Amz-Security-Token": [ROLE.sessionToken] });
  const encode = (text: string) => Buffer.from(text).toString("base64");
  for (const text of [
    await issueToken(),
    engine.sandbox.issuer.github.requestToken,
    encode("Action=GetCallerIdentity&Version=2011-06-15"),
    encode(headers),
    ROLE.secretAccessKey,
    "sandbox-access-token-00000000-0000-4000-8000-000000000001",
  ])
    expect(findIdentityCanaries(`x ${text} y`), text).not.toEqual([]);
});
