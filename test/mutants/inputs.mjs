const program = ["test/provider/resources/program-inputs.test.ts"];
const ignoredConnections = ["test/provider/resources/ignored-connections.test.ts"];
const lookups = ["test/hostile/function-arguments.test.ts"];
const pluginFunctions = ["test/plugin/functions.test.ts"];
const states = ["test/provider/host/parse-state.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const inputs = [
  {
    name: "inputs: a function is sent as nothing",
    file: "copy-value.ts",
    find: '      case "function":\n',
    replace: "",
    tests: program,
  },
  {
    name: "inputs: a Map is sent as an empty object",
    file: "copy-value.ts",
    find: 'throw this.createRefusal("an instance of a class (such as a Map, a Set, a Date or a resource)")',
    replace: "return {}",
    tests: program,
  },
  {
    name: "inputs: inherited properties are read",
    file: "copy-value.ts",
    find: 'return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf")',
    replace: "return true",
    tests: program,
  },
  {
    name: "inputs: a reserved key is passed on",
    file: "copy-value.ts",
    find: "if (isReserved(key)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: a lone surrogate is passed on",
    file: "copy-value.ts",
    find: "if (/\\p{Cs}/u.test(value)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: a circular object is followed",
    file: "copy-value.ts",
    find: "if (this.ancestors.has(value)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: any depth is followed",
    file: "copy-value.ts",
    find: "if (this.ancestors.size >= MAX_DEPTH) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: a destination without types is left out",
    file: "copy-value.ts",
    find: " ?? null;",
    replace: ";",
    tests: program,
  },
  {
    name: "inputs: an argument that check never receives is passed on",
    file: "program-inputs.ts",
    find: "if (internal === undefined) return read as Args;",
    replace: "return read as Args;",
    tests: program,
  },
  {
    name: "inputs: a reference (OrgConnection.get) without an ID declares a pair",
    file: "program-inputs.ts",
    find: 'typeof read === "string" && read.trim() !== ""',
    replace: "true",
    tests: program,
  },
  {
    name: "inputs: a source that is not a name is resolved",
    file: "declared-pairs.ts",
    find: 'if (knownSource !== undefined && typeof knownSource !== "string") return known;',
    replace: "",
    tests: program,
  },
  {
    name: "inputs: a set with a string for `exclusive` is not exclusive",
    file: "declared-pairs.ts",
    find: 'flag === true || flag === "true"',
    replace: "flag === true",
    tests: program,
  },
  {
    name: "inputs: an exclusive set may ignore undeclared connections",
    file: "refuse-ignored-connections.ts",
    find: "if (!isTrue(known)) return known;",
    replace: "return known;",
    tests: ignoredConnections,
  },
  {
    name: "inputs: an exclusive set cannot ignore the types of a declared connection",
    file: "refuse-ignored-connections.ts",
    find: " && !declared.includes(sink)",
    replace: "",
    tests: ignoredConnections,
  },
  {
    name: "inputs: a function ignores a misspelt argument",
    file: "arguments.ts",
    find: "if (unknown === undefined) return;",
    replace: "return;",
    tests: lookups,
  },
  {
    name: "inputs: a function of the plugin does not show what another process has created",
    file: "call-function.ts",
    find: "session.getNextListing({ provesAbsence: false })",
    replace: "session.getListing()",
    tests: pluginFunctions,
  },
  {
    name: "inputs: a create relies on the list of a function",
    file: "call-function.ts",
    find: "{ provesAbsence: false }",
    replace: "{ provesAbsence: true }",
    tests: pluginFunctions,
  },
  {
    name: "inputs: a function accepts a name as an ID",
    file: "arguments.ts",
    find: "(given) => isUuid(normalize(given))",
    replace: "() => true",
    tests: lookups,
  },
  {
    name: "inputs: a connection of a set without an ID is accepted",
    file: "parse-state.ts",
    find: "if (withoutId !== undefined) throw",
    replace: "if (false) throw",
    tests: states,
  },
  {
    name: "inputs: an ID may be any path",
    file: "response-fields.ts",
    find: ', v.regex(/^[\\w-]{1,128}$/, "must be an ID")',
    replace: "",
    tests: states,
  },
];
