import type { Change, ChangeKind } from "../../../cli/src/changes/change.js";

/** Creates a change of one connection in which nothing is set but these properties. */
export const createChange = (kind: ChangeKind, more: Partial<Change> = {}): Change => ({
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
});
