import { matchRoute } from "../../../sandbox/src/route-match.js";
import type { Exchange } from "../gateway/exchange.js";
import { MALFORMED_ID } from "../gateway/gate.js";
import { checkRecording } from "./check-recording.js";
import { nameCredentials } from "./credential-names.js";
import { describeIdentities, describeSeed } from "./describe-seed.js";
import { readDirectory } from "./directory.js";
import { findIdentities } from "./identities.js";
import { findOwners } from "./owners.js";
import type { Recording } from "./recording.js";
import { Replacer } from "./replacer.js";
import { listSentSecrets, readQuery } from "./sent-credentials.js";
import { simplifyBody } from "./simplify-body.js";
import { parseBody, simplifyResponse } from "./simplify-exchange.js";
import { findKind } from "./values.js";

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
