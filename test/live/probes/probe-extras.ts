import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { buildAuthHeaders } from "../../../core/src/api/authentication.js";
import type { ExtraName } from "../inputs/resolve-inputs.js";
import { createAuthenticate } from "../requests/authenticate.js";
import { isSuccess } from "../requests/connection-row.js";
import type { Observation } from "../requests/send-request.js";
import type { Requirement, Step } from "./evidence.js";
import { findCreatedId, deleteUntilGone } from "./live-connection.js";
import { create, list, probe, type ProbeContext } from "./probe-context.js";

const NO_CREDENTIALS = () => Promise.resolve({});

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
