import type { ServerResponse } from "node:http";
import type { Identity } from "../../../core/src/api/identity.js";
import { obtainProof, type ProofContext } from "../../../core/src/identity/obtain-proof.js";
import { catchError } from "../api/harness.js";

/** The organization whose proofs the tests obtain. */
export const ORGANIZATION_ID = "aaaaaaaa-0001-4000-8000-000000000001";
export const AUDIENCE = `datadog/${ORGANIZATION_ID}`;

/** The time of the tests. */
export const NOW = Date.parse("2026-11-27T08:00:00Z");

/** Creates a token like those of an issuer. Its signature is not valid, because only Datadog verifies it. */
export function createToken(claims: object = {}): string {
  const usual = { iss: "https://issuer.example.com", aud: AUDIENCE, exp: NOW / 1000 + 300, sub: "a job" };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "RS256", kid: "1" })}.${encode({ ...usual, ...claims })}.c2lnbmF0dXJlLWNhbmFyeQ`;
}

/** Creates the context of the organization `payments` with only these environment variables. */
export const createContext = (env: ProofContext["env"] = {}, timeoutMs = 10_000): ProofContext => ({
  env,
  suffix: "PAYMENTS",
  label: 'organization "payments"',
  timeoutMs,
  now: () => NOW,
});

/** Obtains the proof of an identity for the organization. */
export const obtain = (identity: Identity, env?: ProofContext["env"], timeoutMs?: number): Promise<string> =>
  obtainProof(identity, ORGANIZATION_ID, createContext(env, timeoutMs));

/** Returns the error of a proof that cannot be obtained. It must name the organization and what to do next. */
export async function catchProblem(identity: Identity, env?: ProofContext["env"], timeoutMs?: number) {
  const error = await catchError(obtain(identity, env, timeoutMs));
  if (!error.happened.includes('organization "payments"')) throw new Error(`no label: ${error.message}`);
  if (error.advice === undefined) throw new Error(`no advice: ${error.message}`);
  return error;
}

/** Sends JSON. */
export const sendJson = (response: ServerResponse, body: unknown, status = 200): void =>
  void response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
