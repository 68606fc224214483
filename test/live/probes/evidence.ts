import type { Observation } from "../requests/send-request.js";

/** What was seen: one response for each step of the probes. A step without a complete response is missing. */
export type Evidence = Partial<Record<Step, Observation>> & {
  sourceOrgId: string;
  sinkOrgId: string;
  /** The connection that most steps are about, as the API spelled its ID. */
  connectionId?: string | undefined;
  /** An earlier connection of the same pair. */
  earlierConnectionId?: string | undefined;
  /** The ID in the requests about a connection that does not exist. */
  unusedId?: string | undefined;
  /** Why steps were left out, by the name of the credentials that they need. */
  missing: Partial<Record<Requirement, string>>;
};

/** What some steps need besides the credentials of both organizations. */
export type Requirement = "keys" | "token" | "identity" | "readonly" | "other" | "unmapped";

/** The steps, each named after its request. */
export const STEPS = [
  "organizations",
  "organizationsFiltered",
  "validate",
  "validateWithoutKey",
  "validateUnknownKey",
  "validateKeys",
  "applicationKeys",
  "withoutCredentials",
  "apiKeyOnly",
  "appKeyOnly",
  "unknownKeys",
  "unknownToken",
  "keysInQuery",
  "token",
  "tokenAsAppKey",
  "tokenWithKeys",
  "exchange",
  "exchangeUnknown",
  "exchangeUnmapped",
  "accessToken",
  "readonlyList",
  "readonlyCreate",
  "limitZero",
  "limitAbove",
  "offsetNegative",
  "filterMalformed",
  "createMalformedSink",
  "createUnknownSink",
  "createOwn",
  "createRepeated",
  "createEmpty",
  "createMalformed",
  "createUnknownType",
  "createWithoutTypes",
  "create",
  "createAgain",
  "listFirst",
  "list",
  "listOfSink",
  "listSinkFilter",
  "listSourceFilter",
  "listOtherSink",
  "listOtherSource",
  "listUpperCase",
  "listLimitOne",
  "listBeyond",
  "update",
  "listUpdatedFirst",
  "listUpdated",
  "updateRepeated",
  "updateEmpty",
  "updateMalformed",
  "updateOtherId",
  "updateOtherCase",
  "updateBySink",
  "updateByOther",
  "updateUnknownType",
  "updateMissing",
  "deleteMalformed",
  "deleteMissing",
  "deleteByOther",
  "deleteBySink",
  "deleteBySource",
  "listDeletedFirst",
  "listDeleted",
  "deleteAgain",
] as const;
export type Step = (typeof STEPS)[number];
