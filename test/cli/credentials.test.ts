/**
 * Every command that uses credentials accepts a bearer token, and a workload identity, also one for all organizations. No request
 * has a key, and no token or proof is in an output, a file or an argument.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { createSingle } from "./changes/steps.js";
import { useFolder } from "./folder.js";
import { runCommand } from "./run-command.js";

const sandbox = useSandbox();
const project = useFolder({ isCleared: true });
const getOrganization = (key: string) => sandbox().getOrganization(key);
const KEYS = ["observability", "payments"];

/** The start of every JWT, the tokens of the sandbox, and what a job requests its proof with. */
const SECRETS = /eyJ|sandbox-(?:access|bearer)-token|sandbox-github-request-token/;

beforeEach(() => {
  project.write("Pulumi.yaml", "name: acme\nruntime: nodejs\n");
  project.write("policy.json", { allow: [{ sink: "Acme Security" }] });
  project.writePulumi({ version: "v3.274.1", config: {}, stack: { version: 3, deployment: {} } });
  sandbox().connect({ source: "payments", sink: "observability" });
});

/** A bearer token of `observability` as the default, and one of `payments`. */
const createTokenEnv = () => ({
  DD_HOST: sandbox().url,
  DD_BEARER_TOKEN: getOrganization("observability").bearerToken,
  DD_HOST__PAYMENTS: sandbox().url,
  DD_BEARER_TOKEN__PAYMENTS: getOrganization("payments").bearerToken,
});

/** The identity of a job of GitHub Actions for all organizations. `payments` has only an id. */
function createIdentityEnv(): Record<string, string> {
  const { url, issuer } = sandbox();
  return {
    DD_HOST: url,
    DD_CLOUD_PROVIDER_TYPE: "github",
    DD_ORG_UUID: getOrganization("observability").id,
    DD_ORG_UUID__PAYMENTS: getOrganization("payments").id,
    ACTIONS_ID_TOKEN_REQUEST_URL: issuer.github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
  };
}
const mapIdentity = () => {
  const identity = { type: "jwt", claims: { repository: "acme/infrastructure" } } as const;
  for (const organization of KEYS) sandbox().mapIdentity({ organization, identity });
};

/** Runs a command in the project. A review gets a preview that creates a connection with the credentials of `payments`. */
function run(args: string[], env: Record<string, string>) {
  const { urn, type } = createSingle("hub", "hub", "logs");
  const inputs = {
    source: "payments",
    sinkOrgId: getOrganization("security").id,
    connectionTypes: ["logs"],
  };
  const steps = [{ op: "create", urn, newState: { type, inputs } }];
  const stdin = JSON.stringify({ config: {}, steps, changeSummary: { create: 1 } });
  return runCommand(args, { env: { ...env, PATH: project.path }, stdin, cwd: project.path });
}

const COMMANDS: [command: string, expected: string, organizations: string[]][] = [
  ["inventory --format json", "Acme Payments", KEYS],
  ["discover", "payments-to-", KEYS],
  ["map --live --format json", "Acme Payments", KEYS],
  ["review --lookup", "Acme Security", ["payments"]],
  ["review --lookup --policy policy.json", "No violations", ["payments"]],
  ["doctor", "The credentials belong to Acme Payments", KEYS],
];

describe.each([
  ["bearer tokens", createTokenEnv, false],
  ["one identity for all organizations", createIdentityEnv, true],
])("with %s", (_, createEnv, isIdentity) => {
  test.each(COMMANDS)("%s", async (command, expected, organizations) => {
    if (isIdentity) mapIdentity();
    const args = [...command.split(" "), "--stack", "dev", "--output", "result"];
    const { stdout, stderr } = await run(args, createEnv());
    expect(project.read("result"), stderr).toContain(expected);
    expect(project.read("arguments")).toContain("--stack=dev");
    const files = project.list().map(project.read);
    expect([stdout, stderr, ...files].join("\n")).not.toMatch(SECRETS);

    const { requests } = sandbox();
    expect(new Set(requests.map(({ status }) => status))).toEqual(new Set([200]));
    const proofs = requests.filter(({ credentials }) => credentials === "proof");
    expect(proofs.map(({ route, organization }) => [route, organization]).sort()).toEqual(
      isIdentity ? organizations.map((key) => ["exchangeToken", key]) : [],
    );
    const others = requests.filter(({ credentials }) => credentials !== "proof");
    expect(new Set(others.map(({ credentials }) => credentials))).toEqual(new Set(["token"]));
  });
});

test.each<[string, number]>([
  ["inventory --format json", 7],
  ["discover", 7],
  ["map --live --format json", 7],
  ["review --lookup", 7],
  ["doctor", 6],
])(
  "%s reports an identity that no organization maps, and uses no other credentials",
  async (command, code) => {
    // The pair of keys of another name must not be used instead.
    const { apiKey, appKey } = getOrganization("security");
    const other = { DD_HOST__OTHER: sandbox().url, DD_API_KEY__OTHER: apiKey, DD_APP_KEY__OTHER: appKey };
    const result = await run(command.split(" "), { ...createIdentityEnv(), ...other });
    const output = result.stdout + result.stderr;
    expect([result.code, output]).toEqual([
      code,
      expect.stringContaining("maps this identity to no account"),
    ]);
    expect(output).not.toMatch(SECRETS);
    const withKeys = sandbox().requests.filter(({ credentials }) => credentials === "keys");
    expect(withKeys.filter(({ organization }) => organization !== "security")).toEqual([]);
  },
);
