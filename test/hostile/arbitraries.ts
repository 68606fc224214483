/** Hostile input from outside: strings and JSON. */
import fc from "fast-check";
import { selectCases } from "../random.js";

/** The cases of each property. */
export const RUNS = selectCases(1000);

/** Strings that affect terminals, logs, markup, shells, spreadsheets and parsers. */
const pieces = fc.constantFrom(
  "\u0000",
  "\u001b[2J",
  "\u009b31m",
  "\r\n",
  "\n::error::",
  "\u0007",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\ud800",
  "\udfff",
  "🙂",
  "é",
  "\u0301",
  "<script>alert(1)</script>",
  "</details>",
  "![](https://evil.example/x)",
  "www.evil.example",
  "@team",
  "=cmd|' /C calc'!A0",
  "`",
  "\\",
  '"',
  "'",
  "${x}",
  "{{x}}",
  "__proto__",
  "constructor",
  "a",
  " ",
);

/** A string of such pieces, up to a few thousand characters. */
export const hostileString = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { maxLength: 8 }).map((list) => list.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(3000), "\u202e".repeat(500), "__proto__", "toString") },
);

/** Creates the JSON of nested lists. */
export const createDeepJson = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** JSON of any shape, with inherited property names, unsafe numbers and deep nesting. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown) },
  { weight: 2, arbitrary: fc.dictionary(hostileString, fc.oneof(hostileString, fc.double(), fc.boolean())) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      JSON.parse(createDeepJson(500)),
      JSON.parse(`${'{"a":'.repeat(500)}1${"}".repeat(500)}`),
      1e308,
      -0,
      null,
    ),
  },
);

/** Creates objects in which some fields of a valid one are replaced or missing. */
export function createMutations(valid: unknown): fc.Arbitrary<unknown> {
  const paths = listPaths(valid);
  return fc
    .array(
      fc.tuple(fc.constantFrom(...paths), fc.oneof(hostileString, hostileJson, fc.constant(undefined))),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((changes) => changes.reduce<unknown>((value, [path, to]) => replaceAt(value, path, to), valid));
}

type Path = readonly (string | number)[];

function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, field]) =>
      listPaths(field, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function replaceAt(value: unknown, path: Path, to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return (value as unknown[]).map((item, at) => (at === key ? replaceAt(item, rest, to) : item));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const next = name === key ? replaceAt(field, rest, to) : (field as unknown);
      return next === undefined ? [] : [[name, next]];
    }),
  );
}

/** Characters that no output may contain. Line feeds and tabs are allowed. */
export const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- the forbidden characters
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;

/** Throws if the prototype of all objects was changed. */
export function expectUnpolluted(): void {
  const inherited: string[] = [];
  for (const key in {}) inherited.push(key);
  if (inherited.length > 0 || "polluted" in {}) throw new Error(`prototype polluted: ${inherited.join()}`);
}
