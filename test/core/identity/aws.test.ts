import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AwsIdentity } from "../../../core/src/api/identity.js";
import { catchError, expectNoTrace } from "../api/harness.js";
import { createContext, ORGANIZATION_ID } from "./harness.js";

const ACCESS_KEY = "ASIAEXAMPLE";
const SECRET_KEY = "secret-access-key-canary";
const SESSION_TOKEN = "session-token-canary==";

/** What the AWS SDK must not find on the machine of the tests. */
const NO_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_SHARED_CREDENTIALS_FILE: "/no/such/file",
  AWS_CONFIG_FILE: "/no/such/file",
  AWS_WEB_IDENTITY_TOKEN_FILE: "",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "",
  AWS_EC2_METADATA_DISABLED: "true",
};

beforeEach(() => {
  for (const [name, value] of Object.entries(NO_CREDENTIALS))
    vi.stubEnv(name, value === "" ? undefined : value);
  // The module keeps the credentials.
  vi.resetModules();
});
afterEach(() => void vi.unstubAllEnvs());

function stubCredentials(sessionToken?: string): void {
  vi.stubEnv("AWS_ACCESS_KEY_ID", ACCESS_KEY);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
  vi.stubEnv("AWS_SESSION_TOKEN", sessionToken);
}

async function obtain(identity: AwsIdentity = { type: "aws" }): Promise<string> {
  const { obtainProof } = await import("../../../core/src/identity/obtain-proof.js");
  return obtainProof(identity, ORGANIZATION_ID, createContext());
}

/** Decodes a proof. */
function decode(proof: string) {
  const [body = "", headers = "", method, url = "", ...rest] = proof.split("|");
  const decodePart = (text: string) => Buffer.from(text, "base64").toString();
  expect(rest).toEqual([]);
  return {
    body: decodePart(body),
    headers: JSON.parse(decodePart(headers)) as Record<string, string[]>,
    method,
    url: decodePart(url),
  };
}

/** Computes the signature of a request: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function computeSignature({ body, headers }: ReturnType<typeof decode>, region: string): string {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const lines = Object.entries(headers)
    .filter(([name]) => name !== "Authorization" && name !== "User-Agent")
    .map(([name, values]) => `${name.toLowerCase()}:${values.join(",")}\n`)
    .sort();
  const names = lines.map((line) => line.split(":")[0]).join(";");
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `20261127/${region}/sts/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", "20261127T080000Z", scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${SECRET_KEY}`);
  const signature = hmac(key, text).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

describe("the proof is a request that AWS would accept", () => {
  test("with the headers of Datadog's Go client, of which one names the organization", async () => {
    stubCredentials(SESSION_TOKEN);
    const proof = decode(await obtain());
    expect(proof).toMatchObject({
      body: "Action=GetCallerIdentity&Version=2011-06-15",
      method: "POST",
      url: "https://sts.amazonaws.com",
    });
    const { Authorization, "User-Agent": userAgent, ...others } = proof.headers;
    expect(others).toEqual({
      "Content-Length": ["43"],
      "Content-Type": ["application/x-www-form-urlencoded; charset=utf-8"],
      "X-Amz-Date": ["20261127T080000Z"],
      "X-Amz-Security-Token": [SESSION_TOKEN],
      host: ["sts.amazonaws.com"],
      "x-ddog-org-id": [ORGANIZATION_ID],
    });
    expect(userAgent).toEqual([expect.stringMatching(/^pulumi-datadog-org-connections\/\d/)]);
    expect(Authorization).toEqual([computeSignature(proof, "us-east-1")]);
  });

  test("in another region, of its own endpoint", async () => {
    stubCredentials(SESSION_TOKEN);
    const proof = decode(await obtain({ type: "aws", region: "eu-central-1" }));
    expect(proof.url).toBe("https://sts.eu-central-1.amazonaws.com");
    expect(proof.headers["host"]).toEqual(["sts.eu-central-1.amazonaws.com"]);
    expect(proof.headers["Authorization"]).toEqual([computeSignature(proof, "eu-central-1")]);
  });

  test("without the secret key", async () => {
    stubCredentials(SESSION_TOKEN);
    const { headers, ...others } = decode(await obtain());
    expect(JSON.stringify([headers, others])).not.toContain(SECRET_KEY);
  });
});

describe("without temporary credentials, the error says which ones can be used", () => {
  test("for the static keys of a user", async () => {
    stubCredentials();
    const error = await catchError(obtain());
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toMatch(/organization "payments".* no session token/);
    expect(error.advice).toContain("role");
    expectNoTrace(error, [ACCESS_KEY, SECRET_KEY]);
  });

  test("for a machine without credentials", async () => {
    const error = await catchError(obtain());
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain("its library could not get credentials or a token");
    expect(error.advice).toContain("role");
    expect(error.detail).toBe("(CredentialsProviderError)");
  });
});
