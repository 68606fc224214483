const unreadable = ["test/cli/changes/unreadable.test.ts"];
const rules = ["test/cli/policy/pure-rules.test.ts"];
const matching = ["test/cli/policy/policy.test.ts"];
const hostile = ["test/cli/policy/hostile.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const policy = [
  {
    name: "policy: what nobody can count is nothing",
    file: "rules.ts",
    find: "(fan.sinks.length <= most && uncounted.length === 0)",
    replace: "fan.sinks.length <= most",
    tests: unreadable,
  },
  {
    name: "policy: what cannot be told passes an allow-list",
    file: "rules.ts",
    find: "types.filter(({ match }) => match !== true)",
    replace: "types.filter(({ match }) => match === false)",
    tests: rules,
  },
  {
    name: "policy: types that are not told pass an allow-list",
    file: "rules.ts",
    find: "if (after.openTypes !== undefined) {",
    replace: 'if (after.openTypes === "left-to-datadog") {',
    tests: rules,
  },
  {
    name: "policy: source and sink of two entries allow a pair",
    file: "matching.ts",
    find: "if (matches.includes(false)) return false;",
    replace: "if (!matches.includes(true)) return false;",
    tests: rules,
  },
  {
    name: "policy: a blank reason is one",
    file: "rules.ts",
    find: 'const given = reason?.trim() ?? "";',
    replace: 'const given = reason ?? "";',
    tests: rules,
  },
  {
    name: "policy: what stays does not count as a destination",
    file: "fans.ts",
    find: "for (const { source, sink } of stays) fanOf(source).sinks.push(sink);",
    replace: "",
    tests: rules,
  },
  {
    name: "policy: too many destinations forbid to end some",
    file: "fans.ts",
    find: ".filter((fan) => fan.begins.length > 0)",
    replace: ".map((fan) => ({ ...fan, begins: fan.begins.length > 0 ? fan.begins : changes.slice(0, 1) }))",
    tests: rules,
  },
  {
    name: "policy: what ends must be protected",
    file: "rules.ts",
    find: 'changes.filter(({ kind }) => kind !== "delete" && kind !== "release")',
    replace: "changes.map((one) => ({ ...one, after: one.after ?? one.before }) as Change)",
    tests: rules,
  },
  {
    name: "policy: only changes of what is shared are looked at",
    file: "rules.ts",
    find: 'kind !== "delete" && kind !== "release"',
    replace: 'kind !== "delete" && kind !== "release" && kind !== "record"',
    tests: rules,
  },
  {
    name: "policy: a name means all that begin with it",
    file: "matching.ts",
    find: "if (last === undefined) return text === first;",
    replace: "if (last === undefined) return text.startsWith(first);",
    tests: matching,
  },
  {
    name: "policy: what a pattern has before and after a star may be the same text",
    file: "matching.ts",
    find: "return at <= text.length - last.length;",
    replace: "return true;",
    tests: matching,
  },
  {
    name: "policy: a name in the configuration means a destination",
    file: "matching.ts",
    find: 'if (isAlias && end === "source" && isAliasById !== true) return true;',
    replace: "if (isAlias && isAliasById !== true) return true;",
    tests: matching,
  },
  {
    name: "policy: a configured id makes the credentials' name",
    file: "matching.ts",
    find: " && isAliasById !== true) return true;",
    replace: ") return true;",
    tests: matching,
  },
  {
    name: "policy: a UUID is compared with names",
    file: "matching.ts",
    find: "if (isUuid(wanted)) return id === undefined ? undefined : id === wanted;",
    replace: "if (isUuid(wanted) && id === wanted) return true;",
    tests: matching,
  },
  {
    name: "policy: a name that looks like a UUID is a name",
    file: "matching.ts",
    find: "name === undefined || looksLikeUuid(name) ? undefined : name",
    replace: "name",
    tests: matching,
  },
  {
    name: "policy: a reason may take its time",
    file: "reason-pattern.ts",
    find: "runInContext(context, { timeout })",
    replace: "runInContext(context)",
    tests: hostile,
  },
  {
    name: "policy: what a program puts into a preview names an organization",
    file: "changes.ts",
    find: "const statesOf = ({ urn, live, recorded }: Life): StateResource[] =>\n  [live, recorded]",
    replace:
      "const statesOf = ({ urn, live, recorded, wanted }: Life): StateResource[] =>\n  [live, recorded, wanted]",
    tests: hostile,
  },
  {
    name: "policy: a name that is not known is another one",
    file: "matching.ts",
    find: "return known === undefined || isAlias ? undefined : false;",
    replace: "return false;",
    tests: matching,
  },
];
