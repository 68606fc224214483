import * as v from "valibot";
import { refuseCaller, type Identified } from "../call.js";
import { parseJson } from "../input.js";
import type { SandboxContext } from "../sandbox-context.js";
import type { AwsRoleIdentity, IdentityMapping } from "../seed.js";
import { computeSignature, parseSignature, type SignatureParts, type SignedRequest } from "./signature-v4.js";

/** The request in a proof, which Datadog would send to AWS. */
interface ProofRequest extends SignedRequest {
  host: string;
  signature: SignatureParts;
}

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";
const ORGANIZATION_HEADER = "x-ddog-org-id";
/** AWS accepts a signature for five minutes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
const MAX_AGE_MS = 5 * 60 * 1000;
/** Without them in the signature, someone could send the request to another organization, host or time. */
const REQUIRED_HEADERS = ["host", "x-amz-date", "x-amz-security-token", ORGANIZATION_HEADER];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const GLOBAL_HOST = "sts.amazonaws.com";

const headersSchema = v.record(v.string(), v.strictTuple([v.string()]));

/**
 * Identifies a workload by a request to AWS that asks for the caller's identity. The sandbox does not send it: it computes the
 * signature from the made-up credentials.
 *
 * Assumption: AWS credentials that are mapped in no organization at all get 401, because AWS would not know them.
 */
export function identifyByAwsRequest(
  { store, now }: Pick<SandboxContext, "store" | "now">,
  proof: string,
): Identified {
  const request = parseProof(proof);
  if (!request) return refuseCaller(401, "Unauthorized: the proof is not a signed AWS request");
  const problem = findProblem(request, now());
  if (problem !== undefined) return refuseCaller(401, `Unauthorized: ${problem}`);

  const known = store.identities.filter(
    ({ identity }) => identity.type === "aws" && isSignedBy(request, identity),
  );
  if (known.length === 0)
    return refuseCaller(401, "Unauthorized: the signature is not that of known AWS credentials");

  const id = request.headers[ORGANIZATION_HEADER] ?? "";
  const organization = store.findOrganizationById(id.toLowerCase());
  if (!organization || organization.disabled)
    return refuseCaller(401, `Unauthorized: ${ORGANIZATION_HEADER} names no organization`);
  const mapping = known.find(({ organization: key }) => key === organization.key);
  return mapping
    ? { organization, grant: { user: mapping.user, scopes: mapping.scopes } }
    : refuseCaller(403, `Forbidden: no user of the organization is mapped to ${formatArn(known[0])}`);
}

/** Parses `<body>|<headers>|POST|<url>`, where all but the method are in Base64. */
function parseProof(proof: string): ProofRequest | undefined {
  const [body = "", headersPart = "", method = "", urlPart = "", ...rest] = proof.split("|");
  if (rest.length > 0 || ![body, headersPart, urlPart].every((part) => BASE64.test(part))) return undefined;
  const parsedHeaders = v.safeParse(headersSchema, parseJson(decodeBase64(headersPart)));
  const address = decodeBase64(urlPart);
  if (!parsedHeaders.success || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== "https:" || url.search !== "") return undefined;
  const headers = Object.fromEntries(
    Object.entries(parsedHeaders.output).map(([name, [value]]) => [name.toLowerCase(), value]),
  );
  const signature = parseSignature(headers["authorization"] ?? "");
  return (
    signature && { method, path: url.pathname, host: url.host, headers, body: decodeBase64(body), signature }
  );
}

/** Describes why AWS would not accept the request, or Datadog would not send it. Returns `undefined` if all is well. */
function findProblem({ method, path, host, headers, body, signature }: ProofRequest, now: Date) {
  if (method !== "POST" || path !== "/" || body !== BODY) return "the request is not GetCallerIdentity";
  const missing = REQUIRED_HEADERS.find((name) => !headers[name] || !signature.signedHeaders.includes(name));
  if (missing !== undefined) return `the signature does not include the header ${missing}`;
  const { region, service } = signature;
  const regional = `sts.${region}.amazonaws.com`;
  const isKnownHost = host === regional || (host === GLOBAL_HOST && region === "us-east-1");
  if (!isKnownHost || headers["host"] !== host || service !== "sts")
    return "the host is not that of AWS STS in the region of the signature";
  const time = parseTime(headers["x-amz-date"] ?? "");
  if (time === undefined) return "the header x-amz-date is not a time of AWS";
  if (Math.abs(now.getTime() - time) > MAX_AGE_MS) return "the signature is not valid at this time";
  return undefined;
}

const isSignedBy = (request: ProofRequest, identity: AwsRoleIdentity): boolean =>
  request.signature.accessKeyId === identity.accessKeyId &&
  request.headers["x-amz-security-token"] === identity.sessionToken &&
  computeSignature(request, request.signature, identity.secretAccessKey) === request.signature.signature;

/** Parses `20261127T080000Z`. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const decodeBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");

const formatArn = (mapping: IdentityMapping | undefined): string =>
  mapping?.identity.type === "aws" ? mapping.identity.arn : "this AWS role";
