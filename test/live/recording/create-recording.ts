import { matchRoute } from "../../../sandbox/src/route-match.js";
import { MALFORMED_ID } from "../gateway/gate.js";
import type { Exchange } from "../gateway/gateway.js";
import { findIdentities, findOwners, listSentSecrets, nameCredentials, readQuery } from "./credentials.js";
import { describeIdentities, describeSeed, readDirectory } from "./describe-seed.js";
import type { Recording } from "./recording.js";
import { findKind, Replacer } from "./replacer.js";
import { MESSAGES, NAMES, parseBody, simplifyBody, simplifyResponse } from "./simplify.js";

/**
 * Creates a recording from the exchanges of a run: without credentials, with replaced IDs, names, addresses and dates, and only
 * with headers and fields that the sandbox imitates.
 *
 * It leaves out what the sandbox cannot repeat: 429 and 5xx, invalid proofs of identities, filters by a name, and other calls than
 * those of the sandbox.
 *
 * @param knownOwners - the UUID of the organization of a credential, for those that the responses do not show
 * @throws if a credential or a real name is left in the recording, which is then not usable
 */
export function createRecording(
  exchanges: readonly Exchange[],
  knownOwners: ReadonlyMap<string, string> = new Map(),
): Recording {
  const repeatable = exchanges.filter(isRepeatable);
  const replacer = new Replacer();
  const identities = findIdentities(repeatable);
  const accessTokens = identities.flatMap((identity) => identity.accessTokens);
  const allOwners = new Map([...findOwners(repeatable), ...knownOwners]);
  // An organization may have more permissions than the tokens of an identity.
  const owners = new Map([...allOwners].filter(([credential]) => !accessTokens.includes(credential)));
  const directory = readDirectory(repeatable);
  const { organizations, connections } = describeSeed(directory, repeatable, owners, replacer);
  const ids = [...directory.organizations.keys()];
  const findKey = (credential: string) => organizations[ids.indexOf(allOwners.get(credential) ?? "")]?.key;
  // Messages contain names that only a later response shows in a field of its own.
  for (const exchange of repeatable) simplifyResponse(exchange, toResponse(exchange), replacer);
  const recording: Recording = {
    version: 1,
    organizations,
    connections,
    identities: describeIdentities(identities, repeatable, findKey),
    exchanges: repeatable.flatMap((exchange) => {
      const credentials = nameCredentials(exchange, identities, findKey);
      const path = simplifyPath(exchange.path, replacer);
      if (!credentials || path === undefined) return [];
      const { method, requestBody } = exchange;
      const body = requestBody === "" ? {} : { requestBody: simplifyBody(parseBody(requestBody), replacer) };
      return [
        { method, path, credentials, ...body, ...simplifyResponse(exchange, toResponse(exchange), replacer) },
      ];
    }),
  };
  checkRecording(recording, [...listSentSecrets(exchanges), ...accessTokens], replacer);
  return recording;
}

/** Whether the sandbox has the call, and the response does not depend on a limit or an outage. */
function isRepeatable({ method, path, status }: Exchange): boolean {
  return matchRoute(method, path.split("?")[0] ?? "") !== undefined && status !== 429 && status < 500;
}

const toResponse = ({ status, responseHeaders: headers, responseBody: body }: Exchange) => ({
  status,
  headers,
  body,
});

/** Replaces the IDs in a path, and removes the keys. Returns `undefined` if a part of it could be data of another kind. */
function simplifyPath(path: string, replacer: Replacer): string | undefined {
  const [pathname = ""] = path.split("?");
  const segments = pathname
    .split("/")
    .map((segment) => (findKind(segment) ? replacer.replace(segment) : segment));
  const query = new URLSearchParams();
  for (const [name, value] of readQuery(path)) {
    if (["api_key", "application_key"].includes(name)) continue;
    if (!/^[a-z_[\]]+$/.test(name) || !isHarmless(value)) return undefined;
    query.append(name, findKind(value) ? replacer.replace(value) : value);
  }
  const text = query.toString();
  return segments.join("/") + (text === "" ? "" : `?${text}`);
}

/** An ID, a number, or a word of the API. */
const isHarmless = (value: string): boolean =>
  findKind(value) === "uuid" || ["", MALFORMED_ID, "owned_by"].includes(value) || /^-?\d{1,9}$/.test(value);

/**
 * The last check of a recording: what was replaced is nowhere in it, and neither is a credential. A name can be a word of the API as
 * well, so names are searched where names and messages are.
 *
 * @throws if something is left
 */
function checkRecording(recording: Recording, secrets: readonly string[], replacer: Replacer): void {
  const strings = listStrings(recording, "");
  const isAnywhere = (value: string) => strings.some(({ text }) => contains(text, value));
  if (secrets.some(isAnywhere)) throw createLeakError("a credential");
  const { names, others } = replacer.listReplaced();
  if (others.some(isAnywhere)) throw createLeakError("a real ID, address or date");
  const isNameLeft = ({ field, text }: FoundString) =>
    (NAMES.has(field) && names.includes(text)) ||
    (MESSAGES.has(field) && names.some((name) => contains(text, name)));
  if (strings.some(isNameLeft)) throw createLeakError("a real name");
}

/** Shorter strings are a part of others by chance. */
const MIN_LENGTH = 4;

const contains = (text: string, value: string): boolean =>
  value.length >= MIN_LENGTH && text.toLowerCase().includes(value.toLowerCase());

const createLeakError = (what: string): Error =>
  new Error(
    `The recording contains ${what}, so it was not written. Report this as a defect, without the exchanges.`,
  );

interface FoundString {
  /** The name of its field, or of the field of its list. */
  field: string;
  text: string;
}

function listStrings(value: unknown, field: string): FoundString[] {
  if (typeof value === "string") return [{ field, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => listStrings(item, field));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    { field: "", text: name },
    ...listStrings(item, name),
  ]);
}
