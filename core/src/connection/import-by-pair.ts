import { encodeText } from "../text/escape-text.js";
import { joinFirst } from "../text/phrases.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import {
  createUnknownSourceError,
  findSourceInDatadog,
  formatFailures,
  formatParty,
  MAX_LISTED,
} from "../operation/find-import-source.js";
import {
  findConfiguredSource,
  isSameName,
  type FailedReading,
  type ImportSource,
  type SourceReading,
} from "../operation/import-sources.js";
import type { OperationContext } from "../operation/operation-context.js";
import {
  formatCandidates,
  formatDirection,
  hasBothOrganizations,
  listOutgoing,
  type FoundConnection,
} from "./import-candidates.js";

/** One way to read an ID as `SOURCE/SINK`. */
interface Pair {
  source: string;
  sink: string;
}

/**
 * Finds a connection by `SOURCE/SINK`. Names may contain slashes, so each slash may be the separator. Exactly one connection must
 * match. Compares each source with the settings first. If no connection matches, {@link findSourceInDatadog} compares the other
 * sources with the UUIDs and names that the configured organizations have in Datadog.
 *
 * @throws `invalid-input`, `unknown-source`, `connection-not-found`, `wrong-organization`, `organization-unproven`,
 *   `organization-ambiguous`, and the errors of the credentials and of a request
 */
export async function findConnectionByPair(context: OperationContext, id: string): Promise<FoundConnection> {
  const pairs = splitAtSlashes(id);
  if (pairs.length === 0) throw createInvalidIdError(id);
  const comparedWithSettings = pairs.map((pair) => ({
    pair,
    source: findConfiguredSource(context, pair.source),
  }));
  const candidates = await readPairs(comparedWithSettings);
  const matches = candidates.flatMap(matchSink);
  const failures: FailedReading[] = [];
  if (matches.length === 0) {
    const notFoundInSettings = comparedWithSettings.filter(({ source }) => !source).map(({ pair }) => pair);
    const searched = [];
    for (const pair of notFoundInSettings) {
      const search = await findSourceInDatadog(context, pair.source);
      failures.push(...search.failures);
      searched.push({ pair, source: search.found });
    }
    const more = await readPairs(searched);
    candidates.push(...more);
    matches.push(...more.flatMap(matchSink));
  }
  const [match, ...others] = matches;
  if (!match) {
    throw candidates.length > 0
      ? createNoConnectionError(id, candidates, failures)
      : createUnknownSourceError(
          context,
          pairs.map(({ source }) => source),
          failures,
        );
  }
  if (others.length > 0) throw createAmbiguousError(id, matches);
  return match;
}

/** Lists each way to split an ID into `SOURCE` and `SINK`: one for each slash with characters on both sides. */
function splitAtSlashes(id: string): Pair[] {
  const parts = id.split("/");
  return parts
    .slice(1)
    .map((_, at) => ({
      source: parts
        .slice(0, at + 1)
        .join("/")
        .trim(),
      sink: parts
        .slice(at + 1)
        .join("/")
        .trim(),
    }))
    .filter(({ source, sink }) => source !== "" && sink !== "");
}

/** A pair whose source is a configured organization, with the listing of this organization. */
interface Candidate {
  pair: Pair;
  reading: SourceReading;
}

/** Reads the listing of each source that was found. Omits the pairs whose source was not found. */
async function readPairs(
  pairs: readonly { pair: Pair; source: ImportSource | undefined }[],
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { pair, source } of pairs) {
    if (source) candidates.push({ pair, reading: await source.read() });
  }
  return candidates;
}

/** Finds the connections to a destination, by its UUID or its name. Several organizations may have the same name. */
function matchSink({ pair, reading }: Candidate): FoundConnection[] {
  const sinkId = pair.sink.toLowerCase();
  return listOutgoing(reading)
    .filter(({ sink }) => sink.id === sinkId || isSameName(pair.sink, sink.name))
    .map((connection) => ({ source: reading.source, connection }));
}

function createInvalidIdError(id: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-input", {
    happened: `"${encodeText(id)}" is not the ID of a connection.`,
    advice:
      "Use the UUID of a connection, which `datadog-org-connections inventory` lists, or `SOURCE/SINK`. `SOURCE` is `default`, or the name " +
      "or UUID of a configured organization. `SINK` is the name or UUID of the destination organization.",
  });
}

/** Creates the error for sources that were read and have no matching connection. */
function createNoConnectionError(
  id: string,
  candidates: readonly Candidate[],
  failures: readonly FailedReading[],
): OrgConnectionsError {
  const reverse = candidates.flatMap(({ pair, reading }) =>
    reading.listing.connections.filter(
      ({ source, sink }) =>
        sink?.id === reading.organization.id &&
        (source?.id === pair.sink.toLowerCase() || isSameName(pair.sink, source?.name)),
    ),
  );
  const [other] = reverse.filter(hasBothOrganizations);
  if (other) {
    return new OrgConnectionsError("wrong-organization", {
      happened: `No connection matches "${encodeText(id)}". In the other direction: ${formatDirection(other)}.${formatFailures(failures)}`,
      advice:
        `Import it with an ID of the form SOURCE/SINK, where SOURCE is the organization that shares its data: ${formatParty(other.source)}. ` +
        "The credentials of SOURCE must be configured.",
    });
  }
  const sources = candidates.map(({ reading }) => formatParty(reading.organization));
  const outgoing = candidates.flatMap(({ reading }) => listOutgoing(reading));
  return new OrgConnectionsError("connection-not-found", {
    happened:
      `No connection matches "${encodeText(id)}". Connections from ${joinFirst([...new Set(sources)], MAX_LISTED)}: ` +
      `${formatCandidates(outgoing)}.${formatFailures(failures)}`,
    advice:
      outgoing.length === 0
        ? "Check the ID, and check that the configured credentials belong to the organization that shares its data."
        : "Import one of the listed connections by its ID, or by SOURCE/SINK, with the name or UUID of each organization.",
  });
}

function createAmbiguousError(id: string, matches: readonly FoundConnection[]): OrgConnectionsError {
  return new OrgConnectionsError("organization-ambiguous", {
    happened: `"${encodeText(id)}" matches several connections: ${formatCandidates(matches.map(({ connection }) => connection))}.`,
    advice: "Import one of them by its ID.",
  });
}
