import { OrgConnectionsError } from "../api/org-connections-error.js";
import { formatOrganizationLabel } from "../credentials/resolve.js";
import type { Source } from "../credentials/organization-names.js";

/** A resource of the program, and its `source`. */
export interface Declarer {
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: string;
  source: Source;
}

/** Creates the error for two resources that declare the same pair. Their sources are equal, or refer to the same organization. */
export function createSamePairError(first: Declarer, second: Declarer, sink: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-input", {
    happened:
      `${first.resource} and ${second.resource} declare the same pair: ${formatOrganizationLabel(second.source)} to ${sink}` +
      `${first.source === second.source ? "" : `, because ${formatSameOrganization(first.source, second.source)}`}.`,
    advice: "A pair can have only one connection. Declare all of its connectionTypes in one resource.",
  });
}

/** Creates the error for an exclusive set and another resource with the same source organization. */
export function createExclusiveConflictError(set: Declarer, other: Declarer): OrgConnectionsError {
  return new OrgConnectionsError("invalid-input", {
    happened:
      `${set.resource} is exclusive and would delete what ${other.resource} declares, because ` +
      `${set.source === other.source ? `both have the same source, ${formatOrganizationLabel(set.source)}` : formatSameOrganization(set.source, other.source)}.`,
    advice: "Declare those connections in the set, or omit `exclusive`.",
  });
}

const formatSameOrganization = (a: Source, b: Source): string =>
  `${formatOrganizationLabel(a)} and ${formatOrganizationLabel(b)} are the same organization, according to their configured \`id\` or their credentials`;
