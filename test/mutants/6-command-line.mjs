const markdown = "test/cli/shared/markdown.test.ts";
const literal = "test/cli/commands/discover/literal.test.ts";
const encodeText = "test/core/text/encode-text.test.ts";
const writeAtomic = "test/cli/shared/write-atomic.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const commandLine = {
  "6-markup": [
    {
      name: "review: a name may contain markup",
      file: "markdown.ts",
      find: ".replace(/[\\\\`*_[\\]#|~$]/g, (character) => `\\\\${character}`)",
      replace: "",
      test: markdown,
    },
    {
      name: "review: a name may mention someone",
      file: "markdown.ts",
      find: "[@#!~%&$^](?=",
      replace: "[#!~%&$^](?=",
      test: markdown,
    },
    {
      name: "review: a name may close its code span",
      file: "markdown.ts",
      find: 'const fence = "`".repeat(longest + 1);',
      replace: 'const fence = "`";',
      test: markdown,
    },
    {
      name: "text: a domain becomes a link",
      file: "markdown.ts",
      find: "String.raw`(?<=[\\p{L}\\p{N}])\\.(?=[\\p{L}\\p{N}])`,",
      replace: "",
      test: markdown,
    },
    {
      name: "map: a name can end its label in a diagram",
      file: "mermaid.ts",
      find: ".replace(/[^\\p{L}\\p{N} .,:()+/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)",
      replace: "",
      test: "test/cli/topology/mermaid.test.ts",
    },
    {
      name: "inventory: a value in CSV may be a formula",
      file: "formats.ts",
      find: ", escape_formulas: true",
      replace: "",
      test: "test/cli/commands/inventory/command.test.ts",
    },
    {
      name: "map: a name may contain HTML",
      file: "svg.ts",
      find: ".replace(/[&<>\"']/g, (character) => `&#${character.charCodeAt(0)};`)",
      replace: "",
      test: "test/cli/commands/map/drawn-text.test.ts",
    },
    {
      name: "map: a name may end the data of the page",
      file: "html.ts",
      find: 'requireSafeScript(JSON.stringify(data).replace(/</g, "\\\\u003c"))',
      replace: "JSON.stringify(data)",
      test: "test/cli/commands/map/html-data.test.ts",
    },
    {
      name: "discover: a name may end its literal",
      file: "literal.ts",
      find: "text.replace(ESCAPED, escapeCharacter)",
      replace: "text",
      test: literal,
    },
    {
      name: "discover: a name may end its comment",
      file: "literal.ts",
      find: '    .replace(new RegExp(`[${INVISIBLE}]+`, "gu"), " ")\n',
      replace: "",
      test: literal,
    },
  ],
  "6-invisible": [
    {
      name: "review: invisible characters stay in a name",
      file: "escape-text.ts",
      find: "[\\p{Cc}\\p{Cf}\\p{Cs}",
      replace: "[\\p{Cc}\\p{Cs}",
      test: "test/core/text/escape-text.test.ts",
    },
    {
      name: "text: invisible characters are not encoded",
      file: "escape-text.ts",
      find: "const encoded = escapeMatches(text, encodable);",
      replace: "const encoded = text;",
      test: encodeText,
    },
    {
      name: "text: a name may contain a fake escape sequence",
      file: "escape-text.ts",
      find: ", String.raw`\\\\(?=u\\{|#)`].join",
      replace: "].join",
      test: encodeText,
    },
    {
      name: "text: invisible characters stay in JSON and programs",
      file: "text.ts",
      find: ".replace(INVISIBLE_IN_STRING, escapeCodeUnits)",
      replace: "",
      test: "test/cli/shared/text.test.ts",
    },
  ],
  "6-file": [
    {
      name: "write: a new file replaces one that exists",
      file: "write-atomic.ts",
      find: "    linkSync(temporary, target);",
      replace: "    renameSync(temporary, target);",
      test: writeAtomic,
    },
    {
      name: "write: without links a new file replaces one that exists",
      file: "write-atomic.ts",
      find: '  closeSync(openSync(target, "wx"));\n',
      replace: "",
      test: writeAtomic,
    },
    {
      name: "write: without links a failure leaves an empty file",
      file: "write-atomic.ts",
      find: "    rmSync(target, { force: true });\n",
      replace: "",
      test: writeAtomic,
    },
    {
      name: "write: a new file does not keep the mode of the old file",
      file: "write-atomic.ts",
      find: "  fchmodSync(descriptor, mode & 0o7777);\n",
      replace: "",
      test: writeAtomic,
    },
    {
      name: "write: a new file does not keep the owner of the old file",
      file: "write-atomic.ts",
      find: "  if (own.uid !== uid || own.gid !== gid) changeOwner(descriptor, uid, gid);\n",
      replace: "",
      test: writeAtomic,
    },
  ],
  "6-page": [
    {
      name: "map: the page may send requests",
      file: "html.ts",
      find: "    \"default-src 'none'\",\n",
      replace: "",
      test: "test/cli/commands/map/page.test.ts",
    },
  ],
};
