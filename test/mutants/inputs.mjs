const program = ["test/provider/resources/program-inputs.test.ts"];
const lookups = ["test/hostile/lookup-inputs.test.ts"];
const states = ["test/provider/host/parse-state.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const inputs = [
  {
    name: "inputs: a function is sent as nothing",
    file: "read-value.ts",
    find: '      case "function":\n',
    replace: "",
    tests: program,
  },
  {
    name: "inputs: a Map is sent as an empty object",
    file: "read-value.ts",
    find: 'throw this.refusal("an object of a class (a Map, a Set, a Date, a resource)")',
    replace: "return {}",
    tests: program,
  },
  {
    name: "inputs: what is inherited is taken for given",
    file: "read-value.ts",
    find: 'return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf")',
    replace: "return true",
    tests: program,
  },
  {
    name: "inputs: a key that is reserved is passed on",
    file: "read-value.ts",
    find: "if (isReserved(key)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: half of a character is passed on",
    file: "read-value.ts",
    find: "if (/\\p{Cs}/u.test(text)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: an object within itself is followed",
    file: "read-value.ts",
    find: "if (this.around.has(value)) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: any depth is followed",
    file: "read-value.ts",
    find: "if (this.around.size >= MAX_DEPTH) throw",
    replace: "if (false) throw",
    tests: program,
  },
  {
    name: "inputs: a destination without types is left out",
    file: "read-value.ts",
    find: " ?? null;",
    replace: ";",
    tests: program,
  },
  {
    name: "inputs: an argument that never reaches check is passed on",
    file: "program-inputs.ts",
    find: "if (lost === undefined) return read as Args;",
    replace: "return read as Args;",
    tests: program,
  },
  {
    name: "inputs: a view without an id declares",
    file: "program-inputs.ts",
    find: 'typeof read === "string" && read.trim() !== ""',
    replace: "true",
    tests: program,
  },
  {
    name: "inputs: a source that is no name is resolved",
    file: "declared-pairs.ts",
    find: 'if (from !== undefined && typeof from !== "string") return known;',
    replace: "",
    tests: program,
  },
  {
    name: "inputs: a set that is exclusive by a string is not",
    file: "declared-pairs.ts",
    find: 'flag === true || flag === "true"',
    replace: "flag === true",
    tests: program,
  },
  {
    name: "inputs: a function ignores a misspelt argument",
    file: "arguments.ts",
    find: "if (unknown === undefined) return read;",
    replace: "return read;",
    tests: lookups,
  },
  {
    name: "inputs: a function takes a name for an id",
    file: "arguments.ts",
    find: "(given) => isUuid(normalForm(given))",
    replace: "() => true",
    tests: lookups,
  },
  {
    name: "inputs: a set's connection without an id passes",
    file: "parse-state.ts",
    find: "if (lost !== undefined) throw",
    replace: "if (false) throw",
    tests: states,
  },
  {
    name: "inputs: an id may be any path",
    file: "parse-state.ts",
    find: ', v.regex(/^[\\w-]{1,128}$/, "not an id")',
    replace: "",
    tests: states,
  },
];
