import { isSuccess, type Observation } from "./read-response.js";
import { buildAuthHeaders } from "../../../core/src/api/authentication.js";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import type { ExtraName } from "../inputs.js";
import {
  create,
  deleteUntilGone,
  findCreatedId,
  list,
  probe,
  type ProbeContext,
  type Requirement,
  type Step,
} from "./probe.js";
import { createAuthenticate, createUnknownSecret, sendExchange } from "./send-request.js";

const NO_CREDENTIALS = () => Promise.resolve({});
/** A filter that no organization of the account has in its name. */
const UNKNOWN_NAME = "no organization has this name 7f3a";
/** It has the form of a JWT, and no issuer has signed it. */
const UNKNOWN_PROOF = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJsaXZlLXRlc3QifQ.bGl2ZS10ZXN0";

/** The probes that only read: organizations, keys, credentials, parameters of the list. */
export async function probeReads(context: ProbeContext): Promise<void> {
  const { source } = context.authenticate;
  const get = (path: string, query?: Record<string, string>) => ({
    method: "GET" as const,
    path,
    ...(query && { query }),
  });
  await probe(context, "organizations", source, get("/api/v2/org"));
  await probe(context, "organizationsFiltered", source, get("/api/v2/org", { "filter[name]": UNKNOWN_NAME }));
  await probe(context, "validateKeys", source, get("/api/v2/validate_keys"));
  await probe(context, "applicationKeys", source, get("/api/v2/application_keys", { include: "owned_by" }));
  await probe(context, "validateWithoutKey", NO_CREDENTIALS, get("/api/v1/validate"));
  await probe(context, "withoutCredentials", NO_CREDENTIALS, list());
  await probeUnknownCredentials(context);
  await probeKeys(context);
  await probe(context, "limitZero", source, list({ limit: "0" }));
  await probe(context, "limitAbove", source, list({ limit: "1001" }));
  await probe(context, "offsetNegative", source, list({ offset: "-1" }));
  await probe(context, "filterMalformed", source, list({ sink_org_id: "not-a-uuid" }));
}

async function probeUnknownCredentials(context: ProbeContext): Promise<void> {
  const apiKey = { "DD-API-KEY": createUnknownSecret(16) };
  const keys = { ...apiKey, "DD-APPLICATION-KEY": createUnknownSecret(20) };
  const token = { Authorization: `Bearer ddsat_${createUnknownSecret(20)}` };
  await probe(context, "validateUnknownKey", NO_CREDENTIALS, {
    method: "GET",
    path: "/api/v1/validate",
    headers: apiKey,
  });
  await probe(context, "unknownKeys", NO_CREDENTIALS, { ...list(), headers: keys });
  await probe(context, "unknownToken", NO_CREDENTIALS, { ...list(), headers: token });
  const exchange = await sendExchange(UNKNOWN_PROOF, context.sendRequest);
  if (exchange) context.evidence.exchangeUnknown = exchange;
}

/** The probes that need a pair of keys: with a part of it, and in other places. */
async function probeKeys(context: ProbeContext): Promise<void> {
  const { authentication } = context.inputs.source;
  if (authentication.kind !== "keys") {
    context.evidence.missing.keys = "the source organization has other credentials than keys";
    return;
  }
  const { apiKey, appKey } = authentication;
  await probe(context, "validate", NO_CREDENTIALS, {
    method: "GET",
    path: "/api/v1/validate",
    headers: { "DD-API-KEY": apiKey },
  });
  await probe(context, "apiKeyOnly", NO_CREDENTIALS, { ...list(), headers: { "DD-API-KEY": apiKey } });
  await probe(context, "appKeyOnly", NO_CREDENTIALS, {
    ...list(),
    headers: { "DD-APPLICATION-KEY": appKey },
  });
  await probe(context, "keysInQuery", NO_CREDENTIALS, list({ api_key: apiKey, application_key: appKey }));
}

/** The probes that need more credentials than those of the two organizations. The pair must not be connected. */
export async function probeExtras(context: ProbeContext): Promise<void> {
  await probeToken(context);
  await probeIdentity(context, "live-identity", "identity", "exchange");
  await probeIdentity(context, "live-unmapped", "unmapped", "exchangeUnmapped");
  await probeReadonly(context);
}

async function probeToken(context: ProbeContext): Promise<void> {
  const token = findExtra(context, "live-token", "token");
  if (!token) return;
  if (token.authentication.kind !== "token") {
    context.evidence.missing.token = "live-token has no bearer token";
    return;
  }
  const { authentication } = token;
  const bearer = buildAuthHeaders(authentication);
  await probe(context, "token", NO_CREDENTIALS, { ...list(), headers: bearer });
  const own = context.inputs.source.authentication;
  if (own.kind !== "keys") return;
  const keys = buildAuthHeaders({ ...own, keyLocation: "headers" });
  await probe(context, "tokenWithKeys", NO_CREDENTIALS, { ...list(), headers: { ...keys, ...bearer } });
  await probe(context, "tokenAsAppKey", NO_CREDENTIALS, {
    ...list(),
    headers: { ...keys, "DD-APPLICATION-KEY": authentication.token },
  });
}

async function probeIdentity(
  context: ProbeContext,
  name: ExtraName,
  requirement: Requirement,
  step: Step,
): Promise<void> {
  const credentials = findExtra(context, name, requirement);
  if (!credentials) return;
  if (credentials.authentication.kind !== "identity") {
    context.evidence.missing[requirement] = `${name} is not a workload identity`;
    return;
  }
  const record = (observation: Observation | undefined) => {
    if (observation) context.evidence[step] = observation;
  };
  try {
    const headers = await createAuthenticate(credentials, context.sendRequest, record)();
    if (step === "exchange" && Object.keys(headers).length > 0)
      await probe(context, "accessToken", NO_CREDENTIALS, { ...list(), headers });
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    context.evidence.missing[requirement] = `${name} has no valid proof`;
  }
}

async function probeReadonly(context: ProbeContext): Promise<void> {
  const credentials = findExtra(context, "live-readonly", "readonly");
  if (!credentials) return;
  const authenticate = createAuthenticate(credentials, context.sendRequest);
  const listed = await probe(context, "readonlyList", authenticate, list());
  const created = await probe(
    context,
    "readonlyCreate",
    authenticate,
    create(context.inputs.sink.organizationId, ["logs"]),
  );
  if (!isSuccess(created) || !isSuccess(listed)) return;
  const id = await findCreatedId(context, created, []);
  if (id !== undefined) await deleteUntilGone(context, id);
}

/** Finds optional credentials, or records why they are missing. */
export function findExtra(context: ProbeContext, name: ExtraName, requirement: Requirement) {
  const credentials = context.inputs.extras[name];
  if (!credentials) context.evidence.missing[requirement] = `needs the credentials of ${name}`;
  return credentials;
}
