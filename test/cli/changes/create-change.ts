import type { ChangeKind, ComputedChange } from "../../../cli/src/changes/change.js";
import type { Change } from "../../../cli/src/changes/facts.js";
import { findFacts } from "../../../cli/src/changes/facts.js";

/** The fields of all kinds. */
export type ChangeFields = { [K in Extract<keyof ComputedChange, string>]?: ComputedChange[K] };

/** Creates a change of one connection in which nothing is set but these properties. */
export function createChange(kind: ChangeKind, more: ChangeFields = {}): Change {
  const change = {
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
  } as ComputedChange;
  return { ...change, ...findFacts(change) };
}
