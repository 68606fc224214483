import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import { describeKind, isSuccess, readList, readPath, readString } from "../probes/read-response.js";
import {
  confirmIf,
  expectAllowed,
  expectMessage,
  expectStatus,
  expectStatusWith,
  formatRefused,
  ifImplemented,
  type Judge,
  judgeStep,
  judgeSuccess,
  refuted,
  unobserved,
} from "./judgment.js";

/** The judges of credentials and permissions. */
export const credentialJudges = {
  "credentials-missing": expectStatus(401, "withoutCredentials"),
  "credentials-incomplete": (evidence) => {
    if (evidence.missing.keys !== undefined) return unobserved(evidence.missing.keys);
    return expectStatus(401, "apiKeyOnly", "appKeyOnly")(evidence);
  },
  "credentials-unknown": expectStatus(403, "unknownKeys"),
  "credentials-in-query": expectAllowed("keysInQuery", "keys"),
  "token-accepted": expectAllowed("token", "token"),
  "token-as-application-key": expectAllowed("tokenAsAppKey", "token"),
  "token-with-keys": expectStatusWith("token", 401, "tokenWithKeys"),
  "token-unknown": expectStatus(401, "unknownToken"),
  "permission-missing-status": expectStatusWith("readonly", 403, "readonlyCreate"),
  "permission-missing-message": expectMessage(
    "readonlyCreate",
    () => "Failed permission authorization checks",
    "readonly",
  ),
  "permission-read": judgeStep(
    "readonlyList",
    (observation) =>
      // 401 is about the credentials, not about their permissions.
      observation.status === 401
        ? unobserved(formatRefused(observation))
        : confirmIf(isSuccess(observation), `status ${observation.status}`),
    "readonly",
  ),
  "exchange-status": expectStatusWith("identity", 200, "exchange"),
  "exchange-expires": judgeSuccess(
    "exchange",
    ({ json }) => {
      const expires = readPath(json, "data", "attributes", "expires");
      return confirmIf(
        typeof expires === "string" && /^\d{10}$/.test(expires),
        `\`expires\` is ${describeKind(expires)}`,
      );
    },
    "identity",
  ),
  "exchange-unknown-proof": ifImplemented("exchangeUnknown", expectStatus(401, "exchangeUnknown")),
  "exchange-not-mapped": expectStatusWith("unmapped", 403, "exchangeUnmapped"),
  "access-token-accepted": expectAllowed("accessToken", "identity"),
} satisfies Partial<Record<AssumptionName, Judge>>;

/** The judges of the calls that `doctor` makes. */
export const keyJudges = {
  "validate-body": ifImplemented(
    "validate",
    judgeStep(
      "validate",
      ({ status, json }) =>
        confirmIf(
          status === 200 && readPath(json, "valid") === true,
          `status ${status}, \`valid\` is ${describeKind(readPath(json, "valid"))}`,
        ),
      "keys",
    ),
  ),
  "validate-without-key": ifImplemented(
    "validateWithoutKey",
    judgeStep("validateWithoutKey", ({ status, json }) => {
      const message = readString(json, "errors", 0);
      if (status !== 403) return refuted(`status ${status}`);
      return confirmIf(message === undefined || message === "API key required", "another message");
    }),
  ),
  "validate-unknown-key": ifImplemented("validateUnknownKey", expectStatus(403, "validateUnknownKey")),
  "validate-keys-status": ifImplemented("validateKeys", expectStatusWith("keys", 200, "validateKeys")),
  "application-keys-secret": judgeSuccess("applicationKeys", ({ json }) => {
    const rows = readList(json, "data");
    if (!rows || rows.length === 0) return unobserved("no application key was listed");
    const hasKey = rows.some((row) => readPath(row, "attributes", "key") !== undefined);
    const isComplete = rows.every((row) => /^.{4}$/.test(readString(row, "attributes", "last4") ?? ""));
    return confirmIf(!hasKey && isComplete, hasKey ? "a key" : "no `last4` of four characters");
  }),
  "application-keys-owner": judgeSuccess("applicationKeys", ({ json }) => {
    if ((readList(json, "data") ?? []).length === 0) return unobserved("no application key was listed");
    const users = readList(json, "included")?.filter((row) => readPath(row, "type") === "users") ?? [];
    return confirmIf(
      users.length > 0 &&
        users.every((user) => typeof readPath(user, "attributes", "service_account") === "boolean"),
      `\`included\` is ${describeKind(readPath(json, "included"))}`,
    );
  }),
} satisfies Partial<Record<AssumptionName, Judge>>;

/** The judges of the list of organizations. */
export const organizationJudges = {
  "organizations-type": judgeSuccess("organizations", ({ json }) =>
    confirmIf(readPath(json, "data", "type") === "managed_orgs", "another type"),
  ),
  "organizations-id": judgeSuccess("organizations", ({ json }, { sourceOrgId }) => {
    const id = readString(json, "data", "id")?.toLowerCase();
    return confirmIf(id === sourceOrgId, id === undefined ? "no id" : "the id of another organization");
  }),
  "organizations-current": judgeSuccess("organizations", ({ json }, { sourceOrgId }) => {
    const id = readString(json, "data", "relationships", "current_org", "data", "id")?.toLowerCase();
    return confirmIf(id === sourceOrgId, id === undefined ? "no `current_org`" : "another organization");
  }),
  "organizations-managed": judgeSuccess("organizations", ({ json }) => {
    const rows = readList(json, "data", "relationships", "managed_orgs", "data");
    return confirmIf(
      rows?.every((row) => typeof readPath(row, "id") === "string") ?? false,
      "no list of references in `managed_orgs`",
    );
  }),
  "organizations-included": judgeSuccess("organizations", ({ json }) => {
    const rows = readList(json, "included");
    return confirmIf(
      rows !== undefined &&
        rows.length > 0 &&
        rows.every((row) => typeof readPath(row, "attributes", "name") === "string"),
      rows && rows.length > 0 ? "an organization without a name" : "no organizations in `included`",
    );
  }),
  "organizations-disabled": judgeSuccess("organizations", ({ json }) => {
    const rows = readList(json, "included") ?? [];
    if (rows.length === 0) return unobserved("no organization was listed");
    return confirmIf(
      rows.every((row) => typeof readPath(row, "attributes", "disabled") === "boolean"),
      "an organization without `disabled`",
    );
  }),
  "organizations-filter": judgeSuccess("organizationsFiltered", ({ json }, { organizations }) => {
    const count = (value: unknown) =>
      readList(value, "data", "relationships", "managed_orgs", "data")?.length ??
      readList(value, "included")?.length;
    const [all, filtered] = [isSuccess(organizations) ? count(organizations.json) : undefined, count(json)];
    if (all === undefined || all === 0 || filtered === undefined)
      return unobserved("no organization was listed");
    if (all === 1 && readList(json, "data", "relationships", "managed_orgs", "data") === undefined)
      return unobserved("only the calling organization was listed");
    return confirmIf(filtered < all, "as many organizations as without a filter");
  }),
} satisfies Partial<Record<AssumptionName, Judge>>;
