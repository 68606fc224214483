import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Identity } from "../../../core/src/api/identity.js";
import { obtainProof } from "../../../core/src/identity/obtain-proof.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();
const AWS_ROLE = {
  type: "aws",
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "made-up-secret",
  sessionToken: "made-up-session",
  arn: "arn:aws:sts::123456789012:assumed-role/connections/job",
} as const;

beforeEach(() => {
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_ACCESS_KEY_ID", AWS_ROLE.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", AWS_ROLE.secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", AWS_ROLE.sessionToken);
});
afterEach(() => void vi.unstubAllEnvs());

/** Maps all identities of the tests to an organization. */
function mapIdentities(organization: string): void {
  sandbox().mapIdentity({ organization, identity: { type: "jwt", claims: {} } });
  sandbox().mapIdentity({ organization, identity: AWS_ROLE });
}

/** Creates an environment in which each type of identity has what proves it to `payments`. */
async function createEnv(): Promise<Record<string, string>> {
  const { issuer } = sandbox();
  const token = await issuer.issueToken({ audience: `datadog/${getId("payments")}` });
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: issuer.github.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
    DD_AZURE_ACCESS_TOKEN: await issuer.issueToken({ audience: "api://datadog-example" }),
    DD_GCP_IDENTITY_TOKEN: token,
    DD_OIDC_TOKEN: token,
    TFC_WORKLOAD_IDENTITY_TOKEN: token,
  };
}

const getId = (organization: string): string => sandbox().getOrganization(organization).id;

/** Obtains a proof for `payments`, and returns the status of its exchange. */
async function exchangeProof(identity: Identity): Promise<number> {
  const proof = await obtainProof(identity, getId("payments"), {
    env: await createEnv(),
    suffix: "PAYMENTS",
    label: 'organization "payments"',
    timeoutMs: 10_000,
  });
  const headers = { Authorization: `Delegated ${proof}`, "Content-Type": "application/json" };
  const { status } = await fetch(`${sandbox().url}/api/v2/delegated-token`, { method: "POST", headers });
  return status;
}

// The sandbox was written without this code, from the public descriptions of the exchange.
describe.each<Identity>([
  { type: "aws" },
  { type: "aws", region: "eu-central-1" },
  { type: "azure" },
  { type: "gcp" },
  { type: "github" },
  { type: "hcp" },
  { type: "oidc" },
])("the sandbox accepts the proof of %j", (identity) => {
  test("for the organization that it names", async () => {
    mapIdentities("payments");
    expect(await exchangeProof(identity)).toBe(200);
  });

  test("but not if only another organization maps it", async () => {
    mapIdentities("observability");
    expect(await exchangeProof(identity)).toBe(403);
  });
});
