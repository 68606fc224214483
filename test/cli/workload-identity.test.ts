/**
 * Every command that uses credentials accepts a workload identity, also one for all organizations: one exchange for each of them, no
 * request has a key, and neither the proof nor an access token is in an output, a file or an argument.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { runCommand } from "./run-command.js";

const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "workload-identity-"));
const project = path.join(folder, "project");
afterAll(() => rmSync(folder, { recursive: true }));

/** The start of every JWT, the access tokens of the sandbox, and what the job requests its proof with. */
const SECRETS = /eyJ|sandbox-access-token|sandbox-github-request-token/;
const KEYS = ["observability", "payments"];

beforeEach(() => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  writeFileSync(path.join(project, "Pulumi.yaml"), "name: acme\nruntime: nodejs\n");
  writeFileSync(path.join(project, "policy.json"), JSON.stringify({ allow: [{ sink: "Acme Security" }] }));
  for (const organization of KEYS) {
    sandbox().mapIdentity({
      organization,
      identity: { type: "jwt", claims: { repository: "acme/infrastructure" } },
    });
  }
  sandbox().connect({ source: "payments", sink: "observability" });
});

/** Creates a `pulumi` that writes its arguments to a file, and prints an empty configuration or state. */
function createPulumi(): { bin: string; readArguments: () => string } {
  const bin = mkdtempSync(path.join(folder, "bin-"));
  const log = path.join(bin, "arguments");
  const state = JSON.stringify({ version: 3, deployment: {} });
  const script =
    `#!${process.execPath}\nrequire("fs").appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(" ") + "\\n");\n` +
    `console.log(process.argv[2] === "config" ? "{}" : process.argv[2] === "version" ? "v3.274.1" : ${JSON.stringify(state)});\n`;
  writeFileSync(path.join(bin, "pulumi"), script, { mode: 0o755 });
  return { bin, readArguments: () => readFileSync(log, "utf8") };
}

/** Creates the environment of a job of GitHub Actions, whose identity is that of all organizations. `payments` has only an id. */
function createEnv(): Record<string, string> {
  const { url, issuer } = sandbox();
  return {
    DD_HOST: url,
    DD_CLOUD_PROVIDER_TYPE: "github",
    DD_ORG_UUID: sandbox().getOrganization("observability").id,
    DD_ORG_UUID__PAYMENTS: sandbox().getOrganization("payments").id,
    ACTIONS_ID_TOKEN_REQUEST_URL: issuer.github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
  };
}

/** A preview that creates a connection with the credentials of `payments`. */
const createPreview = () =>
  JSON.stringify({
    config: {},
    steps: [
      {
        op: "create",
        urn: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::hub",
        newState: {
          type: "pulumi-nodejs:dynamic/datadog:OrgConnection",
          inputs: {
            source: "payments",
            sinkOrgId: sandbox().getOrganization("security").id,
            connectionTypes: ["logs"],
          },
        },
      },
    ],
    changeSummary: { create: 1 },
  });

const readFolder = (): string =>
  readdirSync(project)
    .map((file) => readFileSync(path.join(project, file), "utf8"))
    .join("\n");

const COMMANDS: [command: string, args: string[], expected: string, organizations: string[]][] = [
  ["inventory", ["inventory", "--format", "json"], "Acme Payments", KEYS],
  ["discover", ["discover"], "payments-to-", KEYS],
  ["map --live", ["map", "--live", "--format", "json"], "Acme Payments", KEYS],
  ["review --lookup", ["review", "--lookup"], "Acme Security", ["payments"]],
  [
    "review --lookup --policy",
    ["review", "--lookup", "--policy", "policy.json"],
    "No violations",
    ["payments"],
  ],
  ["doctor", ["doctor"], "The credentials belong to Acme Payments", KEYS],
];

describe("with one identity for all organizations", () => {
  test.each(COMMANDS)("%s", async (_, args, expected, organizations) => {
    const { stdout, stderr } = await runCommand(args, {
      env: createEnv(),
      stdin: createPreview(),
      cwd: project,
    });
    expect(stdout, stderr).toContain(expected);
    expect(stdout + stderr).not.toMatch(SECRETS);
    const { requests } = sandbox();
    expect(requests.map(({ status }) => status)).toEqual(requests.map(() => 200));
    const proofs = requests.filter(({ credentials }) => credentials === "proof");
    expect(proofs.map(({ route, organization }) => [route, organization]).sort()).toEqual(
      organizations.map((key) => ["exchangeToken", key]),
    );
    const others = requests.filter(({ credentials }) => credentials !== "proof");
    expect(others.map(({ credentials }) => credentials)).toEqual(others.map(() => "token"));
    expect(others).not.toEqual([]);
  });

  test.each(COMMANDS)("%s, to a file and with a stack", async (_, args, expected) => {
    const { bin, readArguments } = createPulumi();
    const env = { ...createEnv(), PATH: bin };
    const more = ["--stack", "dev", "--output", "result"];
    const { stdout, stderr } = await runCommand([...args, ...more], {
      env,
      stdin: createPreview(),
      cwd: project,
    });
    expect(readFolder(), stderr).toContain(expected);
    expect(stdout + stderr + readFolder() + readArguments()).not.toMatch(SECRETS);
    expect(readArguments()).toContain("--stack=dev");
  });
});

describe("an identity that Datadog does not accept", () => {
  /** The proof is valid, but no organization maps it. */
  const createUnmappedEnv = () => {
    sandbox().reset();
    return createEnv();
  };

  test.each<[string, string[], number, string]>([
    ["inventory", ["inventory", "--format", "json"], 7, "maps this identity to no account"],
    ["discover", ["discover"], 7, "maps this identity to no account"],
    ["map --live", ["map", "--live", "--format", "json"], 7, "maps this identity to no account"],
    ["review --lookup", ["review", "--lookup"], 7, "maps this identity to no account"],
    ["doctor", ["doctor"], 6, "maps this identity to no account"],
  ])("%s says so, and uses no other credentials", async (_, args, code, expected) => {
    // The pair of keys of another name must not be used instead.
    const { apiKey, appKey } = sandbox().getOrganization("security");
    const other = { DD_HOST__OTHER: sandbox().url, DD_API_KEY__OTHER: apiKey, DD_APP_KEY__OTHER: appKey };
    const env = { ...createUnmappedEnv(), ...other };
    const result = await runCommand(args, { env, stdin: createPreview(), cwd: project });
    const output = result.stdout + result.stderr;
    expect([result.code, output]).toEqual([code, expect.stringContaining(expected)]);
    expect(output).not.toMatch(SECRETS);
    const withKeys = sandbox().requests.filter(({ credentials }) => credentials === "keys");
    expect(new Set(withKeys.map(({ organization }) => organization))).toEqual(
      new Set(withKeys.map(() => "security")),
    );
  });
});
