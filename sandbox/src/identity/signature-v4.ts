import { createHash, createHmac } from "node:crypto";

/** A request with a signature of AWS. */
export interface SignedRequest {
  method: string;
  path: string;
  /** By names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The parts of the header `Authorization`. */
export interface SignatureParts {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const TERMINATOR = "aws4_request";
const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=(?<accessKeyId>[^/, ]+)/(?<date>\\d{8})/(?<region>[a-z0-9-]+)/(?<service>[a-z0-9-]+)/${TERMINATOR}, ?` +
    "SignedHeaders=(?<signedHeaders>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})$",
);

/** Parses the header `Authorization`. Returns `undefined` if it has another form. */
export function parseSignature(authorization: string): SignatureParts | undefined {
  const groups = AUTHORIZATION.exec(authorization)?.groups;
  if (!groups) return undefined;
  const getGroup = (name: string): string => groups[name] ?? "";
  return {
    accessKeyId: getGroup("accessKeyId"),
    date: getGroup("date"),
    region: getGroup("region"),
    service: getGroup("service"),
    signedHeaders: getGroup("signedHeaders").split(";"),
    signature: getGroup("signature"),
  };
}

/**
 * Computes the signature that a request without a query must have, Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function computeSignature(
  { method, path, headers, body }: SignedRequest,
  { date, region, service, signedHeaders }: Omit<SignatureParts, "signature">,
  secretAccessKey: string,
): string {
  const names = [...signedHeaders].sort();
  const canonicalHeaders = names.map((name) => `${name}:${normalizeValue(headers[name] ?? "")}\n`).join("");
  const canonicalRequest = [method, path, "", canonicalHeaders, names.join(";"), computeHash(body)].join(
    "\n",
  );
  const scope = [date, region, service, TERMINATOR];
  const signedText = [
    ALGORITHM,
    headers["x-amz-date"] ?? "",
    scope.join("/"),
    computeHash(canonicalRequest),
  ].join("\n");
  const key = scope.reduce<Buffer>(computeHmac, Buffer.from(`AWS4${secretAccessKey}`));
  return computeHmac(key, signedText).toString("hex");
}

const normalizeValue = (value: string): string => value.trim().replaceAll(/ +/g, " ");
const computeHash = (text: string): string => createHash("sha256").update(text).digest("hex");
const computeHmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
