/** What may arrive from outside: texts and JSON that were made to do harm. */
import fc from "fast-check";

/** Cases of each property: a fixed seed, or HOSTILE_SEED and HOSTILE_RUNS. */
export const RUNS = {
  seed: Number(process.env["HOSTILE_SEED"] ?? 20261126),
  numRuns: Number(process.env["HOSTILE_RUNS"] ?? 1000),
};

/** Characters that steer terminals, logs, markup, shells, spreadsheets and parsers. */
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

/** A text of such pieces, at most a few hundred characters. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { maxLength: 8 }).map((list) => list.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(3000), "\u202e".repeat(500), "__proto__", "toString") },
);

/** The text of lists within lists. */
export const deepJson = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** JSON of any shape, with keys that objects inherit, numbers beyond what is safe, and depth. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown) },
  { weight: 2, arbitrary: fc.dictionary(hostileText, fc.oneof(hostileText, fc.double(), fc.boolean())) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      JSON.parse(deepJson(500)),
      JSON.parse(`${'{"a":'.repeat(500)}1${"}".repeat(500)}`),
      1e308,
      -0,
      null,
    ),
  },
);

/** An object in which some fields of a valid one are replaced by anything, or missing. */
export function mutationsOf(valid: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(valid);
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), fc.oneof(hostileText, hostileJson, fc.constant(undefined))), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) => changes.reduce<unknown>((value, [path, to]) => replaced(value, path, to), valid));
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, field]) =>
      pathsOf(field, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function replaced(value: unknown, path: Path, to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return (value as unknown[]).map((item, at) => (at === key ? replaced(item, rest, to) : item));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const next = name === key ? replaced(field, rest, to) : (field as unknown);
      return next === undefined ? [] : [[name, next]];
    }),
  );
}

/** What no output may hold, whatever arrived. A line feed may end a line, and a tab may stand in a table. */
export const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- what must not be there
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;

/** Fails when something has been added to what every object inherits. */
export function expectUnpolluted(): void {
  const inherited: string[] = [];
  for (const key in {}) inherited.push(key);
  if (inherited.length > 0 || "polluted" in {}) throw new Error(`prototype polluted: ${inherited.join()}`);
}
