import {
  changeBody,
  changeRefusal,
  changeResponses,
  changeStatus,
  type Deviation,
  type DeviationCall,
  refuse,
  toOutcome,
} from "./deviation.js";

/** How requests authenticate. */
export const credentialDeviations = {
  "credentials-missing": changeRefusal((call) => isForKeys(call) && call.sent.credentials === "none", 401, {
    status: 403,
  }),
  "credentials-incomplete": changeRefusal(
    (call) => isForKeys(call) && call.sent.credentials === "keys" && isIncomplete(call),
    401,
    {
      status: 403,
    },
  ),
  "credentials-unknown": changeRefusal(
    (call) => isForKeys(call) && call.caller.refusal !== undefined && !isIncomplete(call),
    403,
    { status: 401 },
  ),
  "credentials-in-query": refuse(
    (call) => isForKeys(call) && call.sent.auth === "query",
    401,
    "Unauthorized",
  ),
  "token-accepted": refuse((call) => isStoredToken(call, call.sent.token), 401, "Unauthorized"),
  "token-as-application-key": refuse((call) => isStoredToken(call, call.sent.appKey), 403, "Forbidden"),
  "token-with-keys": (): Deviation => (call, proceed) => {
    const { store, sent } = call;
    const organization = store.organizations.find(({ bearerToken }) => bearerToken === sent.token);
    return sent.credentials === "mixed" && organization
      ? proceed({ caller: { organization, grant: {} } })
      : proceed();
  },
  "token-unknown": changeRefusal((call) => isForKeys(call) && call.sent.credentials === "token", 401, {
    status: 403,
  }),
};

/** The calls that `doctor` makes. */
export const keyDeviations = {
  "validate-body": changeBody("validateApiKey", () => ({})),
  "validate-without-key": changeRefusal(
    (call) => call.match.route === "validateApiKey" && call.sent.apiKey === "",
    403,
    {
      status: 401,
    },
  ),
  "validate-unknown-key": changeRefusal(
    (call) => call.match.route === "validateApiKey" && call.sent.apiKey !== "",
    403,
    {
      status: 401,
    },
  ),
  "validate-keys-status": changeResponses(
    (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
    ({ match }) => match.route === "validateKeys",
  ),
  "application-keys-secret": changeBody("listApplicationKeys", (body) => {
    const { data, ...rest } = body as { data: { attributes: object }[] };
    return { data: data.map((row) => ({ ...row, attributes: { scopes: null } })), ...rest };
  }),
  "application-keys-owner": changeBody("listApplicationKeys", (body) => ({
    data: (body as { data: unknown }).data,
  })),
};

/** The permissions of the caller. */
export const permissionDeviations = {
  "permission-missing-status": changeRefusal((call) => isCreateByKnown(call), 403, { status: 401 }),
  "permission-missing-message": changeRefusal((call) => isCreateByKnown(call), 403, { message: "Forbidden" }),
  "permission-read": (): Deviation => (call, proceed) => {
    const permissions = call.caller.organization?.permissions ?? [];
    const isRefused =
      call.match.route === "listConnections" &&
      permissions.length > 0 &&
      !permissions.some((name) => name === "org_management" || name === "org_connections_write");
    return isRefused
      ? toOutcome({ status: 403, body: { errors: ["Failed permission authorization checks"] } })
      : proceed();
  },
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

/** The exchange of the proof of a workload identity for an access token. */
export const exchangeDeviations = {
  "exchange-status": changeStatus("exchangeToken", 201),
  "exchange-expires": changeBody("exchangeToken", (body) => {
    const { data } = body as { data: { attributes: { expires: string } } };
    return {
      data: { ...data, attributes: { ...data.attributes, expires: Number(data.attributes.expires) } },
    };
  }),
  "exchange-unknown-proof": changeRefusal(({ match }) => match.route === "exchangeToken", 401, {
    status: 400,
  }),
  "exchange-not-mapped": changeRefusal(({ match }) => match.route === "exchangeToken", 403, { status: 404 }),
  "access-token-accepted": refuse(
    (call) => call.match.route === "listConnections" && isAccessToken(call),
    401,
    "Unauthorized",
  ),
};

const isAccessToken = ({ store, sent }: DeviationCall): boolean =>
  sent.token !== "" && store.findAccessToken(sent.token) !== undefined;
