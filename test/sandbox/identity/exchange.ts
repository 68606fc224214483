/** Requests of a workload identity in plain HTTP, independent of the client. */
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Sandbox } from "../../../sandbox/src/index.js";

/** The body of the exchange. */
export interface ExchangeBody {
  data: { type: string; attributes: { access_token: string; expires: string } };
  errors?: string[];
}

/** Sends a proof to the exchange. */
export async function exchange(
  sandbox: Sandbox,
  proof: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<{ status: number; body: ExchangeBody }> {
  const response = await fetch(`${sandbox.url}/api/v2/delegated-token`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Delegated ${proof}`, ...headers },
    ...(signal && { signal }),
  });
  return { status: response.status, body: (await response.json()) as ExchangeBody };
}

/** Exchanges a proof and returns the access token. */
export async function getAccessToken(sandbox: Sandbox, proof: string): Promise<string> {
  const { status, body } = await exchange(sandbox, proof);
  if (status !== 200) throw new Error(`the exchange failed: ${status} ${JSON.stringify(body)}`);
  return body.data.attributes.access_token;
}

/** Formats the audience that names an organization. */
export const formatAudience = (sandbox: Sandbox, key = "payments"): string =>
  `datadog/${sandbox.getOrganization(key).id}`;

/** Sends a request with an access token. */
export async function sendWithToken(
  sandbox: Sandbox,
  token: string,
  method = "GET",
  path = "/api/v2/org_connections",
  body?: unknown,
): Promise<number> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Temporary credentials of an AWS role. */
export const awsRole = {
  accessKeyId: "ASIASANDBOX",
  secretAccessKey: "sandbox-secret",
  sessionToken: "sandbox-session/+=",
  arn: "arn:aws:sts::123456789012:assumed-role/deploy/ci",
};

/** What a signed request to AWS contains. */
export interface AwsProofOptions {
  organizationId: string;
  credentials?: Partial<typeof awsRole>;
  host?: string;
  region?: string;
  service?: string;
  body?: string;
  method?: string;
  path?: string;
  at?: Date;
  /** Headers to add or replace before the signature. `undefined` removes one. */
  headers?: Record<string, string | undefined>;
  /** Headers to add or replace after the signature. */
  headersAfter?: Record<string, string>;
  url?: string;
}

/** Creates the proof of an AWS role. The library of AWS creates its signature. */
export async function createAwsProof(options: AwsProofOptions): Promise<string> {
  const { host = "sts.amazonaws.com", region = "us-east-1", method = "POST", path = "/" } = options;
  const body = options.body ?? "Action=GetCallerIdentity&Version=2011-06-15";
  const headers: Record<string, string | undefined> = {
    host,
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "x-ddog-org-id": options.organizationId,
    ...options.headers,
  };
  const signer = new SignatureV4({
    service: options.service ?? "sts",
    region,
    credentials: { ...awsRole, ...options.credentials },
    sha256: Sha256,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: "https:",
      hostname: host,
      path,
      query: {},
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      body,
    },
    { signingDate: options.at ?? new Date() },
  );
  const sent = { ...signed.headers, "User-Agent": "test", ...options.headersAfter };
  return formatAwsProof(body, sent, method, options.url ?? `https://${host}${path}`);
}

/** Formats the parts of a signed request as a proof. */
export function formatAwsProof(
  body: string,
  headers: Readonly<Record<string, string>>,
  method: string,
  url: string,
): string {
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return [encode(body), encode(JSON.stringify(lists)), method, encode(url)].join("|");
}

const encode = (text: string): string => Buffer.from(text).toString("base64");
