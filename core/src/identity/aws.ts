import { version } from "../../package.json";
import type { AwsIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { createLibraryError, loadLibrary } from "./library.js";
import type { ProofContext } from "./proof-context.js";
import { runWithin } from "../api/timers.js";

/** The npm packages that this identity needs, with their supported major versions. */
export const AWS_PACKAGES = [
  "@aws-sdk/credential-provider-node@3",
  "@smithy/signature-v4@5",
  "@aws-crypto/sha256-js@5",
];

const loadAws = async () => {
  const [{ defaultProvider }, { SignatureV4 }, { Sha256 }] = await Promise.all([
    import("@aws-sdk/credential-provider-node"),
    import("@smithy/signature-v4"),
    import("@aws-crypto/sha256-js"),
  ]);
  return { defaultProvider, SignatureV4, Sha256 };
};
type Aws = Awaited<ReturnType<typeof loadAws>>;

/** The body of the request: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const BODY = "Action=GetCallerIdentity&Version=2011-06-15";

/** The spelling of header names in Datadog's Go client, by the name in lower case. The signature does not depend on their case. */
const HEADER_NAMES: Readonly<Record<string, string>> = {
  authorization: "Authorization",
  "content-length": "Content-Length",
  "content-type": "Content-Type",
  "x-amz-date": "X-Amz-Date",
  "x-amz-security-token": "X-Amz-Security-Token",
};

const USE_A_ROLE =
  "Use temporary credentials: the role of the machine or of the CI job, `aws sso login`, or the output of `aws sts assume-role`.";

/**
 * The credential provider chain of the AWS SDK: environment, configuration files, web identity, metadata service. All organizations share
 * this chain, which caches the credentials until they expire.
 */
let credentialChain: ReturnType<Aws["defaultProvider"]> | undefined;

/**
 * Obtains the proof of an AWS identity: a signed request that asks AWS who the caller is. Datadog sends this request to AWS. The
 * signature covers the header `x-ddog-org-id`, so the proof is valid only for the organization in this header. The proof has the same form
 * as in https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/aws.go.
 *
 * @throws `identity-missing`, `issuer-unreachable`
 */
export async function obtainAwsProof(
  { region }: AwsIdentity,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  const aws = await loadLibrary(AWS_PACKAGES, loadAws, context);
  const credentials = await readCredentials(aws, context);
  const host = region === undefined ? "sts.amazonaws.com" : `sts.${region}.amazonaws.com`;
  const signer = new aws.SignatureV4({
    service: "sts",
    region: region ?? "us-east-1",
    credentials,
    sha256: aws.Sha256,
    applyChecksum: false,
  });
  const request = {
    method: "POST",
    protocol: "https:",
    hostname: host,
    path: "/",
    headers: {
      host,
      "content-length": String(BODY.length),
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-ddog-org-id": organizationId,
    },
    body: BODY,
  };
  const now = context.now ?? Date.now;
  const { headers } = await signer.sign(request, { signingDate: new Date(now()) });
  return [
    encodeBase64(BODY),
    encodeBase64(formatHeaders(headers)),
    "POST",
    encodeBase64(`https://${host}`),
  ].join("|");
}

async function readCredentials(aws: Aws, context: ProofContext) {
  credentialChain ??= aws.defaultProvider();
  const chain = credentialChain;
  const credentials = await runWithin(context.timeoutMs, () => chain()).catch((error: unknown) => {
    throw createLibraryError(error, "AWS", USE_A_ROLE, context);
  });
  if (credentials.sessionToken !== undefined && credentials.sessionToken !== "") return credentials;
  throw new OrgConnectionsError("identity-missing", {
    happened:
      `The workload identity of ${context.label} cannot be proven: the AWS credentials of this workload have no session token. They are ` +
      `the static access keys of an AWS user, and Datadog accepts only temporary credentials.`,
    advice: USE_A_ROLE,
  });
}

/** Adds a `User-Agent` to the headers, and formats them as JSON. Each header has a list of values, as in Go. */
const formatHeaders = (headers: Record<string, string>): string =>
  JSON.stringify(
    Object.fromEntries([
      ...Object.entries(headers).map(([name, value]) => [HEADER_NAMES[name] ?? name, [value]]),
      ["User-Agent", [`pulumi-datadog-org-connections/${version}`]],
    ]),
  );

const encodeBase64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
