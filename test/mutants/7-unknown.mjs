const computeChanges = "test/cli/changes/compute-changes.test.ts";
const unreadable = "test/cli/changes/unreadable.test.ts";
const regressions = "test/report-is-true/regressions.test.ts";
const managed = "test/cli/stack/managed.test.ts";
const pureRules = "test/cli/policy/pure-rules.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const unknown = {
  "7-unknown": [
    {
      name: "changes: a secret counts as not set",
      file: "resource-state.ts",
      find: "  value === SECRET ||\n",
      replace: "",
      test: computeChanges,
    },
    {
      name: "changes: a secret `exclusive` counts as not set",
      file: "connection-transitions.ts",
      find: "(exclusive === true || isUnknownValue(exclusive))",
      replace: "exclusive === true",
      test: unreadable,
    },
    {
      name: "changes: a source that is not known before the up counts as unchanged",
      file: "resolve-transitions.ts",
      find: "declared?.isSourceNotYetKnown === true;",
      replace: "false;",
      test: regressions,
    },
    {
      name: "review: an adoption of an unknown pair removes nothing",
      file: "facts.ts",
      find: '["unseen-pair", mayAdoptUnseen(change)],',
      replace: "",
      test: regressions,
    },
    {
      name: "changes: unknown types are not destructive",
      file: "facts.ts",
      find: "isTypesUnknown || (before.openTypes",
      replace: "(before.openTypes",
      test: computeChanges,
    },
    {
      name: "changes: unknown types in a state cannot be removed",
      file: "facts.ts",
      find: ' || (before.openTypes === "unknown" && after?.openTypes === undefined)',
      replace: "",
      test: unreadable,
    },
    {
      name: "changes: unreadable connections of a resource are unchanged",
      file: "connection-transitions.ts",
      find: "unreadable ? [{ timeline, current: unreadable.rest }] : []",
      replace: 'unreadable && timeline.op === "delete" ? [{ timeline, current: unreadable.rest }] : []',
      test: unreadable,
    },
    {
      name: "changes: destinations that are not a list count as none",
      file: "declared-connections.ts",
      find: "return [buildDeclared(undefined, UNKNOWN_TYPES, true)];\n",
      replace: "return [];\n",
      test: unreadable,
    },
    {
      name: "changes: a resource that cannot be read leaves the report complete",
      file: "compute-changes.ts",
      find: "complete: isUnchangedKnown && unreadable.length === 0,",
      replace: "complete: isUnchangedKnown,",
      test: unreadable,
    },
    {
      name: "stack: a set that cannot be read has no connections",
      file: "managed.ts",
      find: "  if (!members) return { connections: [], complete: false };",
      replace: "  if (!members) return { connections: [], complete: true };",
      test: managed,
    },
    {
      name: "stack: a resource that only its URN identifies is ignored",
      file: "pulumi-resources.ts",
      find: "getResourceKind(resource?.type) ?? getResourceKind(getUrnType(urn))",
      replace: "getResourceKind(resource?.type)",
      test: managed,
    },
    {
      name: "review: a failed preview counts as complete",
      file: "review.ts",
      find: 'if (errors.length > 0) return "failed";',
      replace: "",
      test: computeChanges,
    },
  ],
  "7-unknown-rule": [
    {
      name: "policy: uncounted destinations count as none",
      file: "rules.ts",
      find: "isUnchangedKnown && uncountedResources.length === 0",
      replace: "isUnchangedKnown",
      test: unreadable,
    },
    {
      name: "policy: unchanged connections that nothing shows count as none",
      file: "rules.ts",
      find: "isUnchangedKnown && uncountedResources.length === 0",
      replace: "uncountedResources.length === 0",
      test: pureRules,
    },
    {
      name: "policy: an unknown match passes an allow-list",
      file: "rules.ts",
      find: "(match === undefined ? [type] : [])",
      replace: "(match === undefined ? [] : [])",
      test: pureRules,
    },
    {
      name: "policy: unknown types pass an allow-list",
      file: "rules.ts",
      find: "if (after.openTypes !== undefined) {",
      replace: 'if (after.openTypes === "unspecified") {',
      test: pureRules,
    },
    {
      name: "policy: an unknown name counts as a different one",
      file: "matching.ts",
      find: "return knownName === undefined || isAliasMatch ? undefined : false;",
      replace: "return false;",
      test: "test/cli/policy/policy.test.ts",
    },
  ],
};
