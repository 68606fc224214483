import fc from "fast-check";
import { expect, test } from "vitest";
import { createDraft, type Form } from "../../../../cli/src/commands/discover/draft.js";
import { formatProgram } from "../../../../cli/src/commands/discover/program.js";
import { resolveSourceNames } from "../../../../cli/src/commands/discover/read-draft-inputs.js";
import type { LiveConnection, OrganizationStatus } from "../../../../cli/src/live/read-live.js";
import { runProgram, createUuid } from "./draft-inputs.js";
import { selectCases } from "../../../random.js";

/** Names, types, and server messages that could be accidental or malicious. */
const hostile = [
  `"); globalThis.ran = true; ("`,
  "'); globalThis.ran = true; //",
  "*/ globalThis.ran = true; /*",
  "a\nglobalThis.ran = true;",
  "a\rglobalThis.ran = true;",
  "a\u2028globalThis.ran = true;",
  "a\u2029globalThis.ran = true;",
  "a\u0085globalThis.ran = true;",
  "${globalThis.ran = true}",
  "`${globalThis.ran = true}`",
  "\\",
  '\\"',
  "\\u0022); globalThis.ran = true; //",
  "</script><!-- --> globalThis.ran = true",
  "--> globalThis.ran = true",
  "#!globalThis.ran = true",
  "__proto__",
  "constructor",
  "toString",
  "0",
  "",
  " ",
  "\ufeff",
  "Acme",
  "acme",
  "ACME!",
  "Acme (aaaaaaaa-0000-4000-8000-000000000001)",
  "acme-aaaaaaaa-0000-4000-8000-000000000001",
  "a to b",
  "日本の組織",
  "São Paulo",
  "🚀 Launch 👩‍👩‍👧",
  "half \ud83d a pair",
  "abc \u202e def \u2066",
  "long ".repeat(200),
];
const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.tuple(fc.constantFrom(...hostile), fc.constantFrom(...hostile)).map((two) => two.join("")),
);
const type = fc.oneof(fc.constantFrom("logs", "metrics", "audit"), text);

/** Organizations 1 to 6, of which the first three may have been read, and their connections. */
const inputs = fc
  .record({
    names: fc.array(fc.option(text, { nil: undefined }), { minLength: 6, maxLength: 6 }),
    sources: fc.uniqueArray(text, { minLength: 3, maxLength: 3 }),
    refusal: fc.option(text, { nil: undefined }),
    pairs: fc.uniqueArray(
      fc.record({
        from: fc.integer({ min: 1, max: 4 }),
        to: fc.integer({ min: 1, max: 6 }),
        types: fc.uniqueArray(type, { maxLength: 3 }),
      }),
      { selector: ({ from, to }) => `${from} ${to}`, maxLength: 12 },
    ),
  })
  .map(({ names, sources, refusal, pairs }) => {
    const organizations = sources.map((source, at): OrganizationStatus => {
      const called = { names: [source], id: createUuid(at + 1) };
      return at === 2 && refusal !== undefined
        ? { ...called, checked: false, code: "forbidden", reason: refusal }
        : { ...called, checked: true };
    });
    const createParty = (number: number) => {
      const name = names[number - 1];
      return { id: createUuid(number), ...(name !== undefined && { name }) };
    };
    const connections = pairs.map(({ from, to, types }, at): LiveConnection => ({
      id: createUuid(at, "cccccccc"),
      source: createParty(from),
      sink: createParty(to),
      connectionTypes: types.toSorted(),
      createdAt: "2026-01-01T00:00:00Z",
      listedBy: [sources[from - 1] ?? ""],
    }));
    return { organizations, connections, read: refusal === undefined ? 3 : 2, sources };
  });

/** Whether a program can declare exactly these types. */
const isDeclarable = ({ connectionTypes: types }: LiveConnection) =>
  types.length > 0 &&
  new Set(types).size === types.length &&
  types.every((one) => one !== "" && one === one.trim().toLowerCase() && !/^04da6b54/.test(one));

const sortByPair = (rows: { pair: string }[]) => rows.toSorted((a, b) => (a.pair < b.pair ? -1 : 1));

test.each(["single", "set"] as const)(
  "with any names, types, and reasons, the program (%s) declares the live connections and does nothing else",
  (form: Form) => {
    fc.assert(
      fc.property(inputs, ({ organizations, connections, read, sources }) => {
        const live = { organizations, connections };
        const named = resolveSourceNames(organizations, (at) => organizations[at]?.names[0]);
        const program = formatProgram(
          createDraft({ live, sourceNames: named, managed: { connections: [], unreadable: [] } }, form),
          "2026-11-25",
        );
        const declared = runProgram(program);
        expect((globalThis as { ran?: unknown }).ran).toBeUndefined();
        // It contains no invisible or bidirectional characters.
        expect(program.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
        expect(new Set(declared.map(({ name }) => name)).size).toBe(declared.length);

        const rows = declared.flatMap(({ kind, args, options }) => {
          expect([kind, args["adopt"], options]).toEqual([form, true, { protect: true }]);
          const shares =
            kind === "single"
              ? [[args["sinkOrgId"], args["connectionTypes"]] as const]
              : Object.entries(args["connections"] as Record<string, string[]>);
          return shares.map(([sink, types]) => ({
            pair: `${String(args["source"])} > ${String(sink)}`,
            types,
          }));
        });
        const expected = connections.flatMap((one) => {
          const from = organizations.findIndex(({ id }) => id === one.source?.id);
          if (from === -1 || from >= read || (form === "set" && !isDeclarable(one))) return [];
          const types = isDeclarable(one) ? one.connectionTypes : undefined;
          return [{ pair: `${String(sources[from])} > ${String(one.sink?.id)}`, types }];
        });
        expect(sortByPair(rows)).toEqual(sortByPair(expected));
      }),
      selectCases(300),
    );
  },
);
