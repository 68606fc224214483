/** Every command that uses credentials accepts a bearer token: its requests have no key, and its output no token. */
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { runCommand } from "./run-command.js";

const sandbox = useSandbox();
const getToken = (key: string) => sandbox().getOrganization(key).bearerToken;
const getEnv = () => ({
  DD_HOST: sandbox().url,
  DD_BEARER_TOKEN: getToken("observability"),
  DD_HOST__PAYMENTS: sandbox().url,
  DD_BEARER_TOKEN__PAYMENTS: getToken("payments"),
});

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

test.each<[string, string[], string]>([
  ["inventory", ["inventory", "--format", "json"], "Acme Payments"],
  ["discover", ["discover"], "payments-to-"],
  ["map --live", ["map", "--live", "--format", "json"], "Acme Payments"],
  ["review --lookup", ["review", "--lookup"], "Acme Security"],
  ["doctor", ["doctor"], "The credentials belong to Acme Payments"],
])("%s", async (_, args, expected) => {
  sandbox().connect({ source: "payments", sink: "observability" });
  const { stdout, stderr } = await runCommand(args, { env: getEnv(), stdin: createPreview(), cwd: tmpdir() });
  expect(stdout, stderr).toContain(expected);
  expect(stdout + stderr).not.toContain("sandbox-bearer-token");
  const { requests } = sandbox();
  expect(requests.map(({ credentials, status }) => [credentials, status])).toEqual(
    requests.map(() => ["token", 200]),
  );
  expect(requests).not.toEqual([]);
});
