/** Whatever organizations, users and resources are called: every output of every command can be printed. */
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { formatDiagnosis } from "../../cli/src/commands/doctor/text.js";
import { formatInventory } from "../../cli/src/commands/inventory/formats.js";
import { planOf } from "../../cli/src/commands/discover/plan.js";
import { programOf } from "../../cli/src/commands/discover/program.js";
import { inventoryOf } from "../../cli/src/live/inventory.js";
import type { Live, LiveConnection, LookedAt } from "../../cli/src/live/read-live.js";
import type { Managed, ManagedConnection } from "../../cli/src/stack/managed.js";
import { htmlOf } from "../../cli/src/commands/map/html.js";
import { formatJson } from "../../cli/src/shared/text.js";
import { liveRows } from "../../cli/src/topology/live-rows.js";
import { mermaidOf } from "../../cli/src/topology/mermaid.js";
import { topologyOf } from "../../cli/src/topology/rows.js";
import { svgOf } from "../../cli/src/commands/map/svg.js";
import { expectUnpolluted, hostileText, RUNS, UNPRINTABLE } from "./arbitraries.js";

const uuid = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`;
const types = fc.array(fc.oneof(fc.constantFrom("logs", "metrics", "audit"), hostileText), {
  minLength: 1,
  maxLength: 3,
});
const party = fc.record({ id: fc.nat({ max: 5 }).map(uuid), name: hostileText }, { requiredKeys: ["id"] });
const connection: fc.Arbitrary<LiveConnection> = fc
  .record({
    number: fc.nat({ max: 50 }),
    source: party,
    sink: party,
    connectionTypes: types,
    createdAt: fc.oneof(fc.constant("2026-03-01T12:00:00Z"), hostileText),
    createdBy: fc.record({
      id: fc.constant(uuid(99)),
      name: hostileText,
      handle: hostileText,
      email: hostileText,
    }),
    from: hostileText,
  })
  .map(({ number, from, ...rest }) => ({ id: `c${number}`, ...rest, seenFrom: [from] }));
const lookedAt: fc.Arbitrary<LookedAt> = fc.oneof(
  fc.record({
    names: fc.tuple(hostileText),
    id: fc.constant(uuid(1)),
    name: hostileText,
    checked: fc.constant(true as const),
  }),
  fc.record({
    names: fc.tuple(hostileText),
    checked: fc.constant(false as const),
    code: fc.constant("forbidden"),
    reason: hostileText,
  }),
);
const live: fc.Arbitrary<Live> = fc.record({
  organizations: fc.array(lookedAt, { minLength: 1, maxLength: 3 }),
  connections: fc.uniqueArray(connection, { maxLength: 6, selector: ({ id }) => id }),
});
const urn = hostileText.map(
  (name) => `urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::${name}`,
);
const managedConnection: fc.Arbitrary<ManagedConnection> = fc.record({
  id: fc.nat({ max: 50 }).map((number) => `c${number}`),
  urn,
  name: hostileText,
  form: fc.constantFrom("single" as const, "set" as const),
  sourceOrgId: fc.constant(uuid(1)),
  sourceOrgName: hostileText,
  sinkOrgId: fc.constant(uuid(2)),
  sinkOrgName: hostileText,
  connectionTypes: types,
  unmanagedTypes: fc.boolean(),
  adopt: fc.boolean(),
  reason: hostileText,
  protect: fc.boolean(),
});
const managed: fc.Arbitrary<Managed> = fc.record({
  connections: fc.array(managedConnection, { maxLength: 4 }),
  unreadable: fc.array(fc.record({ urn, name: hostileText, form: fc.constant("set" as const) }), {
    maxLength: 2,
  }),
});
/** In all there are eleven forms of output. */
const runs = { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 4) };

function expectPrintable(text: string): void {
  expect(text.match(UNPRINTABLE)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
  expectUnpolluted();
}

describe("what a command prints about names of any form can be printed", () => {
  test.each(["table", "markdown", "json", "csv"] as const)(
    "inventory as %s",
    { timeout: 120_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(live, managed, async (found, held) => {
          const text = await formatInventory(inventoryOf(found, held, Date.UTC(2026, 10, 26)), format);
          expectPrintable(text);
          if (format === "json") JSON.parse(text);
        }),
        runs,
      );
    },
  );

  test.each(["html", "svg", "mermaid", "json"] as const)(
    "map as %s",
    { timeout: 300_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(live, managed, hostileText, async (found, held, title) => {
          const { rows } = inventoryOf(found, held, Date.UTC(2026, 10, 26));
          const topology = topologyOf(liveRows(rows), ["acme/dev"]);
          const texts = {
            html: () => htmlOf(topology, { title, at: new Date(0) }),
            svg: () => svgOf(topology, { title }),
            mermaid: () => mermaidOf(topology).text,
            json: () => formatJson(topology, 2),
          };
          const text = await texts[format]();
          expectPrintable(text);
          if (format === "html" || format === "svg") expect(text).not.toContain("<script>alert");
          if (format === "json") JSON.parse(text);
        }),
        runs,
      );
    },
  );

  test.each(["single", "set"] as const)(
    "the program of discover, as %s, which compiles",
    { timeout: 120_000 },
    async (form) => {
      await fc.assert(
        fc.asyncProperty(live, managed, (found, held) => {
          const sources = new Map(found.organizations.map(({ names }) => [names[0] ?? "", "payments"]));
          const program = programOf(planOf({ live: found, managed: held, sources }, form), "2026-11-26");
          expectPrintable(program);
          const { diagnostics } = ts.transpileModule(program, { reportDiagnostics: true });
          expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
          return Promise.resolve();
        }),
        runs,
      );
    },
  );

  test("the lines of doctor", { timeout: 120_000 }, () => {
    const check = fc.record({
      check: fc.constant("read" as const),
      verdict: fc.constantFrom("ok" as const, "problem" as const),
      found: hostileText,
      next: hostileText,
    });
    fc.assert(
      fc.property(hostileText, fc.array(check, { maxLength: 3 }), hostileText, (folder, checks, name) => {
        expectPrintable(
          formatDiagnosis({ folder, program: checks, organizations: [{ names: [name], checks }] }),
        );
      }),
      runs,
    );
  });
});
