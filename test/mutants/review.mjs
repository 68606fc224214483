const changes = ["test/cli/changes/compute-changes.test.ts"];
const escape = ["test/cli/shared/markdown.test.ts"];
const invisible = ["test/core/api/escape-text.test.ts"];
const position = ["test/cli/stack/source-position.test.ts"];
const alike = ["test/cli/commands/review/alike.test.ts"];
const size = ["test/cli/commands/review/size.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const review = [
  {
    name: "review: the e-mail addresses of creators are kept",
    file: "organization-directory.ts",
    find: "{ id, name, serviceAccount });",
    replace: "arguments[0] as Creator);",
    tests: changes,
  },
  {
    name: "review: a service account counts as a person",
    file: "warnings.ts",
    find: "&& createdBy.serviceAccount !== true,",
    replace: ",",
    tests: changes,
  },
  {
    name: "review: a failed preview reports unchanged connections",
    file: "review.ts",
    find: "unchanged: isIncomplete ? [] : unchanged,",
    replace: "unchanged,",
    tests: changes,
  },
  {
    name: "review: a failed preview counts as complete",
    file: "review.ts",
    find: 'if (errors.length > 0) return "failed";',
    replace: "",
    tests: changes,
  },
  {
    name: "review: a name may contain markup",
    file: "markdown.ts",
    find: ".replace(/[\\\\`*_[\\]#|~$]/g, (character) => `\\\\${character}`)",
    replace: "",
    tests: escape,
  },
  {
    name: "review: a name may mention someone",
    file: "markdown.ts",
    find: "[@#!~%&$^](?=",
    replace: "[#!~%&$^](?=",
    tests: escape,
  },
  {
    name: "review: invisible characters stay in a name",
    file: "escape-text.ts",
    find: "[\\p{Cc}\\p{Cf}\\p{Cs}",
    replace: "[\\p{Cc}\\p{Cs}",
    tests: invisible,
  },
  {
    name: "text: a name may contain a fake escape sequence",
    file: "escape-text.ts",
    find: ", String.raw`\\\\(?=u\\{|#)`].join",
    replace: "].join",
    tests: ["test/core/api/encode-text.test.ts"],
  },
  {
    name: "text: two long names with the same beginning are shown identically",
    file: "markdown.ts",
    find: "… (cut, SHA-256 ${hash})",
    replace: "…",
    tests: escape,
  },
  {
    name: "text: a domain becomes a link",
    file: "markdown.ts",
    find: "String.raw`(?<=[\\p{L}\\p{N}])\\.(?=[\\p{L}\\p{N}])`,",
    replace: "",
    tests: escape,
  },
  {
    name: "review: a name may close its code span",
    file: "markdown.ts",
    find: 'const fence = "`".repeat(longest + 1);',
    replace: 'const fence = "`";',
    tests: escape,
  },
  {
    name: "review: a command in a message gets invisible characters",
    file: "markdown.ts",
    find: "formatted += `${quote}${formatCode(command ?? urn, Infinity)}${quote}`;",
    replace: "formatted += escapeLine(found);",
    tests: escape,
  },
  {
    name: "review: the position of a violation may be outside of the project",
    file: "source-position.ts",
    find: 'part !== ".." && ',
    replace: "",
    tests: position,
  },
  {
    name: "review: grouped changes that stop sharing are in no list",
    file: "details.ts",
    find: "lists: stopLists },",
    replace: "lists: [] },",
    tests: alike,
  },
  {
    name: "review: too few alike changes are grouped",
    file: "alike.ts",
    find: "group.size < MIN_ALIKE",
    replace: "group.size < 2",
    tests: alike,
  },
  {
    name: "review: a report may be longer than a comment",
    file: "markdown.ts",
    find: "const parts = [text.length <= MAX_LENGTH ? text : truncateReport(text)];",
    replace: "const parts = [text];",
    tests: size,
  },
];
