const single = ["test/core/connection/import.test.ts", "test/core/connection/import-by-pair.test.ts"];
const plugin = ["test/plugin/import.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const imports = [
  {
    name: "import: a connection to the organization counts as one from it",
    file: "import-candidates.ts",
    find: "hasBothOrganizations(connection) && connection.source.id === organization.id",
    replace: "hasBothOrganizations(connection)",
    tests: single,
  },
  {
    name: "import: the organization of the credentials is not proven",
    file: "import-sources.ts",
    find: 'await requireProvenCaller(session, "The import")',
    replace: '(await session.getCallerCandidates())[0] ?? ""',
    tests: single,
  },
  {
    name: "import: a connection is called missing although an organization could not be read",
    file: "import-by-id.ts",
    find: 'failure?.error.code ?? "connection-not-found"',
    replace: '"connection-not-found"',
    tests: single,
  },
  {
    name: "import: the first of several connections counts",
    file: "import-by-pair.ts",
    find: "  if (others.length > 0) throw createAmbiguousError(id, matches);\n",
    replace: "",
    tests: single,
  },
  {
    name: "import: a state without members is read as an import",
    file: "import.ts",
    find: "STATE_PROPERTIES.every((name) => properties[name] == null)",
    replace: 'properties["members"] == null',
    tests: plugin,
  },
  {
    name: "import: a set gets a connection without types, which check refuses",
    file: "import.ts",
    find: "if (withoutTypes.length > 0 && !isGet) {",
    replace: "if (false) {",
    tests: ["test/core/connection-set/import.test.ts"],
  },
];
