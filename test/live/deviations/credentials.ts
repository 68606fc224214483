import {
  deviate,
  changeBody,
  changeRefusal,
  changeResponses,
  refuse,
  toOutcome,
  type Deviation,
  type DeviationCall,
} from "./deviation.js";

/** How requests authenticate. */
export const credentialDeviations = {
  "credentials-missing": deviate(
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "none", 401, { status: 403 }),
  ),
  "credentials-incomplete": deviate(
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "keys" && isIncomplete(call), 401, {
      status: 403,
    }),
  ),
  "credentials-unknown": deviate(
    "It gets 401.",
    changeRefusal(
      (call) => isForKeys(call) && call.caller.refusal !== undefined && !isIncomplete(call),
      403,
      { status: 401 },
    ),
  ),
  "credentials-in-query": deviate(
    "Keys in the query get 401.",
    refuse((call) => isForKeys(call) && call.sent.auth === "query", 401, "Unauthorized"),
  ),
  "token-accepted": deviate(
    "It gets 401.",
    refuse((call) => isStoredToken(call, call.sent.token), 401, "Unauthorized"),
  ),
  "token-as-application-key": deviate(
    "It gets 403 there.",
    refuse((call) => isStoredToken(call, call.sent.appKey), 403, "Forbidden"),
  ),
  "token-with-keys": deviate("The keys are ignored.", (): Deviation => (call, proceed) => {
    const { store, sent } = call;
    const organization = store.organizations.find(({ bearerToken }) => bearerToken === sent.token);
    return sent.credentials === "mixed" && organization
      ? proceed({ caller: { organization, grant: {} } })
      : proceed();
  }),
  "token-unknown": deviate(
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "token", 401, { status: 403 }),
  ),
};

/** The calls that `doctor` makes. */
export const keyDeviations = {
  "validate-body": deviate(
    "It gets `{}`.",
    changeBody("validateApiKey", () => ({})),
  ),
  "validate-without-key": deviate(
    "It gets 401.",
    changeRefusal((call) => call.match.route === "validateApiKey" && call.sent.apiKey === "", 403, {
      status: 401,
    }),
  ),
  "validate-unknown-key": deviate(
    "It gets 401.",
    changeRefusal((call) => call.match.route === "validateApiKey" && call.sent.apiKey !== "", 403, {
      status: 401,
    }),
  ),
  "validate-keys-status": deviate(
    "It gets 204.",
    changeResponses(
      (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
      ({ match }) => match.route === "validateKeys",
    ),
  ),
  "application-keys-secret": deviate(
    "It has no characters of a key.",
    changeBody("listApplicationKeys", (body) => {
      const { data, ...rest } = body as { data: { attributes: object }[] };
      return { data: data.map((row) => ({ ...row, attributes: { scopes: null } })), ...rest };
    }),
  ),
  "application-keys-owner": deviate(
    "It has no `included`.",
    changeBody("listApplicationKeys", (body) => ({ data: (body as { data: unknown }).data })),
  ),
};

/** The permissions of the caller. */
export const permissionDeviations = {
  "permission-missing-status": deviate(
    "It gets 401.",
    changeRefusal((call) => isCreateByKnown(call), 403, { status: 401 }),
  ),
  "permission-missing-message": deviate(
    "It is `Forbidden`.",
    changeRefusal((call) => isCreateByKnown(call), 403, { message: "Forbidden" }),
  ),
  "permission-read": deviate("The list needs a permission to write.", (): Deviation => (call, proceed) => {
    const permissions = call.caller.organization?.permissions ?? [];
    const isRefused =
      call.match.route === "listConnections" &&
      permissions.length > 0 &&
      !permissions.some((name) => name === "org_management" || name === "org_connections_write");
    return isRefused
      ? toOutcome({ status: 403, body: { errors: ["Failed permission authorization checks"] } })
      : proceed();
  }),
};

/** Whether a call takes both keys or a token. */
const isForKeys = ({ match }: DeviationCall): boolean =>
  match.route !== "validateApiKey" && match.route !== "exchangeToken";

const isIncomplete = ({ sent }: DeviationCall): boolean => sent.apiKey === "" || sent.appKey === "";

/** Whether a string is the bearer token of an organization, not one of the exchange. */
function isStoredToken({ store }: DeviationCall, token: string): boolean {
  return store.organizations.some(({ bearerToken }) => bearerToken === token);
}

const isCreateByKnown = ({ match, caller }: DeviationCall): boolean =>
  match.route === "createConnection" && caller.organization !== undefined;
