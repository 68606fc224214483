import { randomBytes } from "node:crypto";
import { buildAuthHeaders } from "../../../core/src/api/authentication.js";
import type { Credentials } from "../../../core/src/credentials/resolve.js";
import { obtainProof } from "../../../core/src/identity/obtain-proof.js";
import { readPath } from "./read-value.js";
import type { Observation, SendRequest } from "./send-request.js";

/** Returns the headers that authenticate a request. Empty if an identity could not be exchanged. */
export type Authenticate = () => Promise<Record<string, string>>;

const PROOF_TIMEOUT_MS = 30_000;

/**
 * Creates the headers of an organization. The token of an identity is exchanged once.
 *
 * @param onExchange - receives the response to the exchange
 */
export function createAuthenticate(
  credentials: Credentials,
  sendRequest: SendRequest,
  onExchange: (observation: Observation | undefined) => void = () => undefined,
): Authenticate {
  const { authentication } = credentials;
  if (authentication.kind !== "identity")
    return () => Promise.resolve(buildAuthHeaders(withHeaders(authentication)));
  let token: Promise<string | undefined> | undefined;
  const exchange = async () => {
    const proof = await obtainProof(authentication.identity, authentication.organizationId, {
      env: credentials.env,
      suffix: credentials.suffix,
      label: credentials.label,
      timeoutMs: PROOF_TIMEOUT_MS,
    });
    const observation = await sendExchange(proof, sendRequest);
    onExchange(observation);
    const value = readPath(observation?.json, "data", "attributes", "access_token");
    return typeof value === "string" ? value : undefined;
  };
  return async () => {
    const value = await (token ??= exchange());
    return value === undefined ? {} : buildAuthHeaders({ kind: "token", token: value });
  };
}

/** Exchanges a proof, as Datadog's own clients do. */
export function sendExchange(proof: string, sendRequest: SendRequest): Promise<Observation | undefined> {
  return sendRequest({
    method: "POST",
    path: "/api/v2/delegated-token",
    headers: { ...buildAuthHeaders({ kind: "proof", proof }), "Content-Type": "application/json" },
  });
}

/** Creates a key or a token that does not exist. */
export const createUnknownSecret = (bytes: number): string => randomBytes(bytes).toString("hex");

/** Keys in headers, whatever the settings say. */
const withHeaders = (authentication: Parameters<typeof buildAuthHeaders>[0]) =>
  authentication.kind === "keys" ? { ...authentication, keyLocation: "headers" as const } : authentication;
