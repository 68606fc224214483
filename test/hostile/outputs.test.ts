/** With hostile names of organizations, users and resources, all output of the commands is printable. */
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { formatDiagnosis } from "../../cli/src/commands/doctor/text.js";
import { plainLayout } from "../../cli/src/shared/terminal.js";
import { formatInventory } from "../../cli/src/commands/inventory/formats.js";
import { createDraft } from "../../cli/src/commands/discover/draft.js";
import { formatProgram } from "../../cli/src/commands/discover/program.js";
import { resolveSourceNames } from "../../cli/src/commands/discover/read-draft-inputs.js";
import { buildInventory } from "../../cli/src/live/inventory.js";
import type { LiveConnections, LiveConnection, OrganizationStatus } from "../../cli/src/live/read-live.js";
import type { ManagedConnections, ManagedConnection } from "../../cli/src/stack/managed.js";
import { renderHtml } from "../../cli/src/commands/map/html.js";
import type { Tool } from "../../cli/src/stack/resources.js";
import { formatJson } from "../../cli/src/shared/text.js";
import { toLiveRows, buildTopology } from "../../cli/src/topology/build-topology.js";
import { formatMermaid } from "../../cli/src/topology/mermaid.js";
import { renderSvg } from "../../cli/src/commands/map/svg.js";
import { expectUnpolluted, hostileString, RUNS, UNPRINTABLE } from "./arbitraries.js";

const createUuid = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`;
const types = fc.array(fc.oneof(fc.constantFrom("logs", "metrics", "audit"), hostileString), {
  minLength: 1,
  maxLength: 3,
});
const party = fc.record(
  { id: fc.nat({ max: 5 }).map(createUuid), name: hostileString },
  { requiredKeys: ["id"] },
);
const connection: fc.Arbitrary<LiveConnection> = fc
  .record({
    number: fc.nat({ max: 50 }),
    source: party,
    sink: party,
    connectionTypes: types,
    createdAt: fc.oneof(fc.constant("2026-03-01T12:00:00Z"), hostileString),
    createdBy: fc.record({
      id: fc.constant(createUuid(99)),
      name: hostileString,
      handle: hostileString,
      email: hostileString,
    }),
    from: hostileString,
  })
  .map(({ number, from, ...rest }) => ({ id: `c${number}`, ...rest, listedBy: [from] }));
const organizationResult: fc.Arbitrary<OrganizationStatus> = fc.oneof(
  fc.record({
    names: fc.tuple(hostileString),
    id: fc.constant(createUuid(1)),
    name: hostileString,
    checked: fc.constant(true as const),
  }),
  fc.record({
    names: fc.tuple(hostileString),
    checked: fc.constant(false as const),
    code: fc.constant("forbidden"),
    reason: hostileString,
  }),
);
const live: fc.Arbitrary<LiveConnections> = fc.record({
  organizations: fc.array(organizationResult, { minLength: 1, maxLength: 3 }),
  connections: fc.uniqueArray(connection, { maxLength: 6, selector: ({ id }) => id }),
});
const resource = {
  tool: fc.constantFrom<Tool>("datadog-org-connections", "pulumi-datadog", "terraform"),
  location: hostileString,
  address: hostileString,
  name: hostileString,
};
const managedConnection: fc.Arbitrary<ManagedConnection> = fc.record({
  id: fc.nat({ max: 50 }).map((number) => `c${number}`),
  ...resource,
  form: fc.constantFrom("single" as const, "set" as const),
  sourceOrgId: fc.constant(createUuid(1)),
  sourceOrgName: hostileString,
  sinkOrgId: fc.constant(createUuid(2)),
  sinkOrgName: hostileString,
  connectionTypes: types,
  typesUnspecified: fc.boolean(),
  adopt: fc.boolean(),
  reason: hostileString,
  protect: fc.boolean(),
});
const managed: fc.Arbitrary<ManagedConnections> = fc.record({
  connections: fc.array(managedConnection, { maxLength: 4 }),
  unreadable: fc.array(fc.record({ ...resource, form: fc.constant("set" as const) }), {
    maxLength: 2,
  }),
});
/** There are eleven output formats in total. */
const runs = { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 4) };

function expectPrintable(text: string): void {
  expect(text.match(UNPRINTABLE)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
  expectUnpolluted();
}

describe("the output of commands is printable with hostile names", () => {
  test.each(["table", "markdown", "json", "csv"] as const)(
    "inventory as %s",
    { timeout: 120_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(live, managed, async (found, managedResources) => {
          const text = await formatInventory(
            buildInventory(found, managedResources, Date.UTC(2026, 10, 26)),
            format,
          );
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
        fc.asyncProperty(live, managed, hostileString, async (found, managedResources, title) => {
          const { rows } = buildInventory(found, managedResources, Date.UTC(2026, 10, 26));
          const topology = buildTopology(toLiveRows(rows), ["acme/dev"]);
          const formatters = {
            html: () => renderHtml(topology, { title, at: new Date(0) }),
            svg: () => renderSvg(topology, { title }),
            mermaid: () => formatMermaid(topology).text,
            json: () => formatJson(topology, 2),
          };
          const text = await formatters[format]();
          expectPrintable(text);
          if (format === "html" || format === "svg") expect(text).not.toContain("<script>alert");
          if (format === "json") JSON.parse(text);
        }),
        runs,
      );
    },
  );

  test.each(["single", "set"] as const)(
    "the program of discover as %s, which must compile",
    { timeout: 120_000 },
    async (form) => {
      await fc.assert(
        fc.asyncProperty(live, managed, (found, managedResources) => {
          const sources = resolveSourceNames(found.organizations, () => "payments");
          const program = formatProgram(
            createDraft({ live: found, managed: managedResources, sourceNames: sources }, form),
            "2026-11-26",
          );
          expectPrintable(program);
          const { diagnostics } = ts.transpileModule(program, { reportDiagnostics: true });
          expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
          return Promise.resolve();
        }),
        runs,
      );
    },
  );

  test("the output of doctor", { timeout: 120_000 }, () => {
    const check = fc.record({
      check: fc.constant("read" as const),
      verdict: fc.constantFrom("ok" as const, "problem" as const),
      found: hostileString,
      next: hostileString,
    });
    fc.assert(
      fc.property(hostileString, fc.array(check, { maxLength: 3 }), hostileString, (folder, checks, name) => {
        expectPrintable(
          formatDiagnosis(
            { folder, program: checks, organizations: [{ names: [name], checks }] },
            plainLayout,
          ),
        );
      }),
      runs,
    );
  });
});
