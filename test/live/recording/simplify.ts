import { matchRoute } from "../../../sandbox/src/route-match.js";
import { MALFORMED_ID } from "../gateway/gate.js";
import { findKind, type Replacer } from "./replacer.js";

/** What happens to the values of a body: a recording replaces them, a replay leaves them as they are. */
type ReplaceValues = Pick<Replacer, "replace" | "replaceAll">;

/** Leaves values as they are. */
const KEEP: ReplaceValues = { replace: (value) => value, replaceAll: (value) => value };

/** Strings of the API itself, such as `org_connection`. */
const isWord = (value: string): boolean => /^[a-z][a-z0-9_]{0,39}$/.test(value);
/** The fields whose strings are such words. */
const WORDS = new Set(["type", "connection_types", "status", "scopes"]);
/** The fields with names of organizations and users, and their login names. */
export const NAMES = new Set(["name", "handle"]);
/** The fields with messages. */
export const MESSAGES = new Set(["errors", "title", "detail"]);

/**
 * The fields of included organizations and users that the sandbox imitates. Real ones have more, with data of people. The fields
 * of `described` depend on the organization: only whether they are a string, or null, is compared.
 */
const INCLUDED: Partial<Record<string, { exact: string[]; described: string[] }>> = {
  orgs: {
    exact: ["name", "disabled"],
    described: ["public_id", "description", "sharing", "url", "created_at", "modified_at"],
  },
  users: { exact: ["handle", "email", "name", "service_account"], described: [] },
};

type JsonObject = Record<string, unknown>;

/**
 * Reduces a body to what a recording may contain. A string is replaced by one of its kind (`values.ts`), unless it is a word of the
 * API. A string of any other field becomes `<string>`.
 */
export function simplifyBody(body: unknown, values: ReplaceValues): unknown {
  return simplify(body, "", values);
}

function simplify(value: unknown, field: string, values: ReplaceValues): unknown {
  if (typeof value === "string") return simplifyString(value, field, values);
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      field === "included" && isObject(item) ? simplifyIncluded(item, values) : simplify(item, field, values),
    );
  }
  if (!isObject(value)) return value;
  return mapFields(value, (item, name) => simplify(item, name, values));
}

function simplifyString(value: string, field: string, values: ReplaceValues): string {
  if (MESSAGES.has(field)) return values.replaceAll(value);
  if (value === MALFORMED_ID || (WORDS.has(field) && isWord(value))) return value;
  return NAMES.has(field) || findKind(value) !== undefined ? values.replace(value) : "<string>";
}

function simplifyIncluded(row: JsonObject, values: ReplaceValues): unknown {
  const { attributes, type } = row;
  const fields = typeof type === "string" ? INCLUDED[type] : undefined;
  if (!fields || !isObject(attributes)) return simplify(row, "", values);
  const known = Object.entries(attributes).flatMap(([name, value]): [string, unknown][] => {
    if (fields.exact.includes(name)) return [[name, simplify(value, name, values)]];
    return fields.described.includes(name) ? [[name, describeValue(value)]] : [];
  });
  return {
    ...mapFields(row, (item, name) => simplify(item, name, values)),
    attributes: Object.fromEntries(known),
  };
}

const describeValue = (value: unknown): string =>
  value === null || typeof value === "string" ? "<string or null>" : `<${typeof value}>`;

/**
 * Reduces the list of application keys. It has the keys of other users as well, so only the forms of its rows are compared, each
 * once.
 */
function simplifyKeys(body: unknown): unknown {
  const forms = describeRows(simplifyBody(body, KEEP), "");
  return isObject(forms)
    ? mapFields(forms, (item) => (Array.isArray(item) ? removeDuplicates(item) : item))
    : forms;
}

function describeRows(value: unknown, field: string): unknown {
  if (field === "type") return value;
  if (field === "scopes") return "<scopes>";
  if (Array.isArray(value)) return value.map((item: unknown) => describeRows(item, ""));
  return isObject(value) ? mapFields(value, describeRows) : describeValue(value);
}

function removeDuplicates(items: readonly unknown[]): unknown[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText.values()];
}

const mapFields = (value: JsonObject, map: (item: unknown, name: string) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(item, name)]));

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A response as it is compared. */
interface SimplifiedResponse {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

const CONTENT_TYPE = /^[a-z]+\/[a-z.+-]+(?:; ?charset=[a-z0-9-]+)?$/i;

/** The headers of a response that are compared, and nothing else. The counts of a rate limit depend on the time. */
const COMPARED_HEADERS: Record<string, (value: string) => string> = {
  "content-type": (value) => (CONTENT_TYPE.test(value) ? value : "<string>"),
  "x-ratelimit-limit": describeCount,
  "x-ratelimit-period": describeCount,
  "x-ratelimit-remaining": describeCount,
  "x-ratelimit-reset": describeCount,
  "x-ratelimit-name": () => "<string>",
};

function describeCount(value: string): string {
  return /^\d+$/.test(value) ? "<count>" : "<string>";
}

/** Reduces a response to what a recording may contain. */
export function simplifyResponse(
  request: { method: string; path: string },
  response: { status: number; headers: Readonly<Record<string, string>>; body: string },
  values: ReplaceValues = KEEP,
): SimplifiedResponse {
  const body = parseBody(response.body);
  const route = matchRoute(request.method, request.path.split("?")[0] ?? "")?.route;
  return {
    status: response.status,
    headers: selectHeaders(response.headers),
    body: route === "listApplicationKeys" ? simplifyKeys(body) : simplifyBody(body, values),
  };
}

function selectHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(COMPARED_HEADERS).flatMap(([name, describe]) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, describe(value)]];
    }),
  );
}

/** Parses a body. A body that is not JSON is described: it could contain anything. */
export function parseBody(text: string): unknown {
  if (text === "") return "<nothing>";
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return "<not JSON>";
  }
}
