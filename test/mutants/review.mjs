const changes = ["test/cli/changes/changes.test.ts"];
const escape = ["test/cli/shared/markdown.test.ts"];
const invisible = ["test/core/api/invisible.test.ts"];
const size = ["test/cli/commands/review/size.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const review = [
  {
    name: "review: addresses of creators are taken along",
    file: "known.ts",
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
    name: "review: a preview that failed tells what stays",
    file: "review.ts",
    find: "stays: isCut ? [] : stays,",
    replace: "stays,",
    tests: changes,
  },
  {
    name: "review: a preview that failed passes for a whole one",
    file: "review.ts",
    find: 'if (errors.length > 0) return "failed";',
    replace: "",
    tests: changes,
  },
  {
    name: "review: a name may bring markup",
    file: "markdown.ts",
    find: ".replace(/[\\\\`*_[\\]#|~$]/g, (sign) => `\\\\${sign}`)",
    replace: "",
    tests: escape,
  },
  {
    name: "review: a name may call somebody",
    file: "markdown.ts",
    find: "[@#!~%&$^](?=",
    replace: "[#!~%&$^](?=",
    tests: escape,
  },
  {
    name: "review: signs that are not seen stay in a name",
    file: "invisible.ts",
    find: "[\\p{Cc}\\p{Cf}\\p{Cs}",
    replace: "[\\p{Cc}\\p{Cs}",
    tests: invisible,
  },
  {
    name: "text: a name may pretend to hold an escaped character",
    file: "invisible.ts",
    find: ", String.raw`\\\\(?=u\\{|#)`].join",
    replace: "].join",
    tests: ["test/core/api/encode-text.test.ts"],
  },
  {
    name: "text: two long names that begin alike are shown alike",
    file: "markdown.ts",
    find: "… (cut, SHA-256 ${sum})",
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
    name: "review: a name may end its code span",
    file: "markdown.ts",
    find: 'const fence = "`".repeat(longest + 1);',
    replace: 'const fence = "`";',
    tests: escape,
  },
  {
    name: "review: a report may be longer than a comment",
    file: "markdown.ts",
    find: "const parts = [text.length <= MOST ? text : cut(text)];",
    replace: "const parts = [text];",
    tests: size,
  },
];
