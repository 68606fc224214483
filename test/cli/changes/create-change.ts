import type { Change, ChangeKind, ComputedChange } from "../../../cli/src/changes/change.js";
import { findFacts } from "../../../cli/src/changes/facts.js";

/** Creates a change of one connection in which nothing is set but these properties. */
export function createChange(kind: ChangeKind, more: Partial<ComputedChange> = {}): Change {
  const change: ComputedChange = {
    kind,
    tool: "datadog-org-connections",
    location: "acme/dev",
    address: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::a",
    resource: "a",
    form: "single",
    addedTypes: [],
    removedTypes: [],
    protect: false,
    adopt: false,
    stateChanges: [],
    ...more,
  };
  return { ...change, ...findFacts(change) };
}
