import { defineAssumption } from "./assumption.js";
import {
  changeBody,
  changeRefusal,
  changeResponses,
  refuse,
  toOutcome,
  type Deviation,
  type DeviationCall,
} from "./deviation.js";

const AUTHENTICATION = {
  kind: "documented",
  url: "https://docs.datadoghq.com/api/latest/authentication/",
} as const;
const TOKENS = {
  kind: "documented",
  url: "https://docs.datadoghq.com/account_management/service-access-tokens/",
} as const;
const KEY_MANAGEMENT = {
  kind: "documented",
  url: "https://docs.datadoghq.com/api/latest/key-management/",
} as const;

/** How requests authenticate. */
export const credentialAssumptions = [
  defineAssumption(
    "credentials-missing",
    "published",
    "A request without credentials gets 401.",
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "none", 401, { status: 403 }),
  ),
  defineAssumption(
    "credentials-incomplete",
    "published",
    "A request with only one of the two keys gets 401.",
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "keys" && isIncomplete(call), 401, {
      status: 403,
    }),
  ),
  defineAssumption(
    "credentials-unknown",
    "assumed",
    "A request with unknown keys gets 403.",
    "It gets 401.",
    changeRefusal(
      (call) => isForKeys(call) && call.caller.refusal !== undefined && !isIncomplete(call),
      403,
      { status: 401 },
    ),
  ),
  defineAssumption(
    "credentials-in-query",
    "documented",
    "Keys may be in the query parameters `api_key` and `application_key`.",
    "Keys in the query get 401.",
    refuse((call) => isForKeys(call) && call.sent.auth === "query", 401, "Unauthorized"),
  ),
  defineAssumption(
    "token-accepted",
    TOKENS,
    "A bearer token replaces both keys.",
    "It gets 401.",
    refuse((call) => isStoredToken(call, call.sent.token), 401, "Unauthorized"),
  ),
  defineAssumption(
    "token-as-application-key",
    TOKENS,
    "A bearer token is accepted in the header of the application key.",
    "It gets 403 there.",
    refuse((call) => isStoredToken(call, call.sent.appKey), 403, "Forbidden"),
  ),
  defineAssumption(
    "token-with-keys",
    "assumed",
    "A bearer token together with keys gets 401.",
    "The keys are ignored.",
    (): Deviation => (call, proceed) => {
      const { store, sent } = call;
      const organization = store.organizations.find(({ bearerToken }) => bearerToken === sent.token);
      return sent.credentials === "mixed" && organization
        ? proceed({ caller: { organization, grant: {} } })
        : proceed();
    },
  ),
  defineAssumption(
    "token-unknown",
    "assumed",
    "A request with an unknown bearer token gets 401.",
    "It gets 403.",
    changeRefusal((call) => isForKeys(call) && call.sent.credentials === "token", 401, { status: 403 }),
  ),
];

/** The calls that `doctor` makes. */
export const keyAssumptions = [
  defineAssumption(
    "validate-body",
    AUTHENTICATION,
    'The validation of an API key gets `{"valid":true}`.',
    "It gets `{}`.",
    changeBody("validateApiKey", () => ({})),
  ),
  defineAssumption(
    "validate-without-key",
    "recorded",
    "The validation without a key gets 403 and the message `API key required`.",
    "It gets 401.",
    changeRefusal((call) => call.match.route === "validateApiKey" && call.sent.apiKey === "", 403, {
      status: 401,
    }),
  ),
  defineAssumption(
    "validate-unknown-key",
    AUTHENTICATION,
    "The validation of an unknown API key gets 403.",
    "It gets 401.",
    changeRefusal((call) => call.match.route === "validateApiKey" && call.sent.apiKey !== "", 403, {
      status: 401,
    }),
  ),
  defineAssumption(
    "validate-keys-status",
    "published",
    "The validation of both keys gets 200.",
    "It gets 204.",
    changeResponses(
      (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
      ({ match }) => match.route === "validateKeys",
    ),
  ),
  defineAssumption(
    "application-keys-secret",
    KEY_MANAGEMENT,
    "The list of application keys has the last four characters of each key, and no key.",
    "It has no characters of a key.",
    changeBody("listApplicationKeys", (body) => {
      const { data, ...rest } = body as { data: { attributes: object }[] };
      return { data: data.map((row) => ({ ...row, attributes: { scopes: null } })), ...rest };
    }),
  ),
  defineAssumption(
    "application-keys-owner",
    KEY_MANAGEMENT,
    "With `include=owned_by`, the list of application keys has their owners in `included`, with `service_account`.",
    "It has no `included`.",
    changeBody("listApplicationKeys", (body) => ({ data: (body as { data: unknown }).data })),
  ),
];

/** The permissions of the caller. */
export const permissionAssumptions = [
  defineAssumption(
    "permission-missing-status",
    "documented",
    "A create without a permission to write gets 403.",
    "It gets 401.",
    changeRefusal((call) => isCreateByKnown(call), 403, { status: 401 }),
  ),
  defineAssumption(
    "permission-missing-message",
    "assumed",
    "The message for a missing permission is `Failed permission authorization checks`.",
    "It is `Forbidden`.",
    changeRefusal((call) => isCreateByKnown(call), 403, { message: "Forbidden" }),
  ),
  defineAssumption(
    "permission-read",
    "documented",
    "`org_connections_read` suffices for the list.",
    "The list needs a permission to write.",
    (): Deviation => (call, proceed) => {
      const permissions = call.caller.organization?.permissions ?? [];
      const isRefused =
        call.match.route === "listConnections" &&
        permissions.length > 0 &&
        !permissions.some((name) => name === "org_management" || name === "org_connections_write");
      return isRefused
        ? toOutcome({ status: 403, body: { errors: ["Failed permission authorization checks"] } })
        : proceed();
    },
  ),
];

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
