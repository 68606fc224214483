const unreadable = ["test/cli/changes/unreadable.test.ts"];
const rules = ["test/cli/policy/pure-rules.test.ts"];
const matching = ["test/cli/policy/policy.test.ts"];
const hostile = ["test/cli/policy/hostile.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const policy = [
  {
    name: "policy: uncounted destinations count as none",
    file: "rules.ts",
    find: "isUnchangedKnown && uncountedResources.length === 0",
    replace: "isUnchangedKnown",
    tests: unreadable,
  },
  {
    name: "policy: unchanged connections that nothing shows count as none",
    file: "rules.ts",
    find: "isUnchangedKnown && uncountedResources.length === 0",
    replace: "uncountedResources.length === 0",
    tests: rules,
  },
  {
    name: "policy: another name of an organization starts a new count of destinations",
    file: "rules.ts",
    find: "isCounted && possibleSinks.length <= max",
    replace: "isCounted && sinks.length <= max",
    tests: rules,
  },
  {
    name: "policy: an unknown match passes an allow-list",
    file: "rules.ts",
    find: "(match === undefined ? [type] : [])",
    replace: "(match === undefined ? [] : [])",
    tests: rules,
  },
  {
    name: "policy: unknown types pass an allow-list",
    file: "rules.ts",
    find: "if (after.openTypes !== undefined) {",
    replace: 'if (after.openTypes === "unspecified") {',
    tests: rules,
  },
  {
    name: "policy: the source of one entry and the destination of another allow a pair",
    file: "matching.ts",
    find: "if (matches.includes(false)) return false;",
    replace: "if (!matches.includes(true)) return false;",
    tests: rules,
  },
  {
    name: "policy: a blank reason counts",
    file: "rules.ts",
    find: 'const given = reason?.trim() ?? "";',
    replace: 'const given = reason ?? "";',
    tests: rules,
  },
  {
    name: "policy: unchanged connections do not count",
    file: "fan-out.ts",
    find: " of unchanged)",
    replace: " of unchanged.slice(0, 0))",
    tests: rules,
  },
  {
    name: "policy: too many destinations forbid a deletion",
    file: "fan-out.ts",
    find: ".filter((fanOut) => fanOut.addingChanges.length > 0)",
    replace:
      ".map((fanOut) => ({ ...fanOut, addingChanges: fanOut.addingChanges.length > 0 ? fanOut.addingChanges : changes.slice(0, 1) }))",
    tests: rules,
  },
  {
    name: "policy: a deleted connection must be protected",
    file: "rules.ts",
    find: 'changes.filter(({ kind }) => kind !== "delete" && kind !== "release")',
    replace: "changes.map((one) => ({ ...one, after: one.after ?? one.before }) as Change)",
    tests: rules,
  },
  {
    name: "policy: changes of the state only are ignored",
    file: "rules.ts",
    find: 'kind !== "delete" && kind !== "release"',
    replace: 'kind !== "delete" && kind !== "release" && kind !== "state-only"',
    tests: rules,
  },
  {
    name: "policy: a name matches all names that start with it",
    file: "matching.ts",
    find: "if (last === undefined) return text === first;",
    replace: "if (last === undefined) return text.startsWith(first);",
    tests: matching,
  },
  {
    name: "policy: the parts before and after a star may overlap",
    file: "matching.ts",
    find: "return position <= text.length - last.length;",
    replace: "return true;",
    tests: matching,
  },
  {
    name: "policy: a name in the configuration matches a destination",
    file: "matching.ts",
    find: 'if (isAliasMatch && end === "source" && isAliasById !== true) return true;',
    replace: "if (isAliasMatch && isAliasById !== true) return true;",
    tests: matching,
  },
  {
    name: "policy: a configured id names the credentials",
    file: "matching.ts",
    find: " && isAliasById !== true) return true;",
    replace: ") return true;",
    tests: matching,
  },
  {
    name: "policy: a UUID is compared with names",
    file: "matching.ts",
    find: "if (isUuid(normalized)) return id === undefined ? undefined : id === normalized;",
    replace: "if (isUuid(normalized) && id === normalized) return true;",
    tests: matching,
  },
  {
    name: "policy: a name that resembles a UUID counts as a name",
    file: "matching.ts",
    find: "name === undefined || isUuidLike(name) ? undefined : name",
    replace: "name",
    tests: matching,
  },
  {
    name: "policy: a comparison has no time limit",
    file: "reason-pattern.ts",
    find: "runInContext(context, { timeout })",
    replace: "runInContext(context)",
    tests: hostile,
  },
  {
    name: "policy: what a program adds to a preview names an organization",
    file: "compute-changes.ts",
    find: "const listStates = ({ resource, refreshedState, priorState }: ResourceTimeline): StateResource[] =>\n  [refreshedState, priorState]",
    replace:
      "const listStates = ({ resource, refreshedState, priorState, declared }: ResourceTimeline): StateResource[] =>\n  [refreshedState, priorState, declared]",
    tests: hostile,
  },
  {
    name: "policy: an unknown name counts as a different one",
    file: "matching.ts",
    find: "return knownName === undefined || isAliasMatch ? undefined : false;",
    replace: "return false;",
    tests: matching,
  },
];
