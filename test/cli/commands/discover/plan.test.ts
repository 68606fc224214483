import { describe, expect, test } from "vitest";
import { planOf, type Form } from "../../../../cli/src/commands/discover/plan.js";
import { programOf } from "../../../../cli/src/commands/discover/program.js";
import type { ManagedConnection } from "../../../../cli/src/stack/managed.js";
import { SINGLE_TYPE } from "../../../../provider/src/type-tokens.js";
import { declaredBy, found, read, row, uuid } from "./found.js";

const namesOf = (...args: Parameters<typeof found>) =>
  planOf(found(...args), "single").sharing.flatMap(({ entries }) => entries.map(({ resource }) => resource));

function managedBy(name: string, id: string): ManagedConnection {
  return {
    id,
    name,
    urn: `urn:pulumi:prod::acme::${SINGLE_TYPE}::${name}`,
    form: "single",
    sinkOrgId: uuid(2),
    connectionTypes: ["logs"],
    unmanagedTypes: false,
    adopt: false,
    protect: false,
  };
}

describe("the names of resources", () => {
  test("are those of the two organizations, the configured one before that at Datadog", () => {
    expect(namesOf([read(1), read(2)], [row(1, 2), row(1, 3)])).toEqual([
      "org-1-to-acme-3",
      "org-1-to-org-2",
    ]);
  });

  test.each([
    ["São Paulo", "sao-paulo"],
    ["  R&D / Ops!  ", "r-d-ops"],
    ["日本の組織 ガ", "日本の組織-ガ"],
    ["हिन्दी", "हिन्दी"],
    ["🚀", uuid(2)],
    ["", uuid(2)],
    ["x".repeat(500), "x".repeat(60)],
  ])("%j is %s in it", (name, slug) => {
    expect(namesOf([read(1)], [row(1, 2, { sink: { id: uuid(2), name } })])).toEqual([`org-1-to-${slug}`]);
  });

  test("that several organizations have get the UUID, each of them", () => {
    const to = (sink: number) => row(1, sink, { sink: { id: uuid(sink), name: "Acme" } });
    expect(namesOf([read(1)], [to(2), to(3)])).toEqual([
      `org-1-to-acme-${uuid(2)}`,
      `org-1-to-acme-${uuid(3)}`,
    ]);
  });

  test("that are one though the organizations are not get the connection's id, and so do those a stack has", () => {
    const end = (id: number, name: string) => ({ id: uuid(id), name });
    const rows = [
      row(1, 3, { source: end(1, "a"), sink: end(3, "b to c") }),
      row(2, 4, { source: end(2, "a to b"), sink: end(4, "c") }),
    ];
    const input = found([read(1), read(2)], rows);
    const names = planOf({ ...input, sources: new Map() }, "single").sharing.flatMap(
      ({ entries }) => entries,
    );
    expect(names.map(({ resource }) => resource).toSorted()).toEqual([
      "a-to-b-to-c",
      `a-to-b-to-c-${rows[1]?.id ?? ""}`,
    ]);
    const other = managedBy("org-1-to-acme-2", uuid(9, "cccccccc"));
    expect(namesOf([read(1)], [row(1, 2)], [other])).toEqual([`org-1-to-acme-2-${row(1, 2).id}`]);
  });

  test("of sets are those of the sources", () => {
    const { sharing } = planOf(found([read(1), read(2)], [row(1, 2), row(1, 3), row(2, 3)]), "set");
    expect(sharing.map(({ resource, entries }) => [resource, entries.length])).toEqual([
      ["org-1", 2],
      ["org-2", 1],
    ]);
  });
});

describe("what is not in it", () => {
  test("what is managed, by the id in any case; the stack is named", () => {
    const plan = planOf(
      found([read(1)], [row(1, 2), row(1, 3)], [managedBy("x", row(1, 2).id.toUpperCase())]),
      "single",
    );
    expect(plan.sharing.flatMap(({ entries }) => entries.map(({ sink }) => sink))).toEqual(["Acme 3"]);
    expect(plan.remarks).toEqual([
      expect.stringMatching(/^Left out: 1 connection that acme\/prod manages already\./),
    ]);
    expect(plan.complete).toBe(true);
  });

  test("what others share with the organizations read; they are named, up to twenty", () => {
    const rows = Array.from({ length: 25 }, (_, at) => row(at + 2, 1, { seenFrom: ["org-1"] }));
    const plan = planOf(found([read(1)], rows), "single");
    expect(plan.sharing).toEqual([]);
    expect(plan.remarks).toEqual([
      expect.stringMatching(/^Not covered: 25 connections .*"Acme 2" \(aaaaaaaa-.*, and 5 more\.$/),
    ]);
    expect(plan.complete).toBe(true);
  });

  test("what a row with one end is; what a set cannot declare", () => {
    const endless = row(1, 2);
    delete endless.sink;
    const odd = row(1, 3, { connectionTypes: [] });
    const input = found([read(1)], [endless, odd]);
    expect(planOf(input, "set").remarks).toEqual([
      expect.stringContaining(endless.id),
      expect.stringContaining(odd.id),
    ]);
    const single = planOf(input, "single");
    expect(single.sharing[0]?.entries).toEqual([{ resource: "org-1-to-acme-3", sink: "Acme 3" }]);
    expect(single.remarks).toHaveLength(1);
  });

  test("an organization that was not checked leaves a hole, and what only it shows is nobody else's", () => {
    const unchecked = { names: ["shop"], checked: false, code: "forbidden", reason: "Refused." } as const;
    const plan = planOf(found([read(1), unchecked], [row(5, 6, { seenFrom: ["shop"] })]), "single");
    expect(plan.complete).toBe(false);
    expect(plan.remarks).toEqual(["NOT READ: shop: what it shares is not in here. Refused."]);
  });

  test("types that this version does not know are declared, and told", () => {
    const plan = planOf(found([read(1)], [row(1, 2, { connectionTypes: ["logs", "traces"] })]), "single");
    expect(plan.sharing[0]?.entries[0]?.connectionTypes).toEqual(["logs", "traces"]);
    expect(plan.remarks).toEqual([expect.stringContaining('"traces"')]);
  });
});

test("the same organization under two sets of keys is declared once", () => {
  const twice = { ...read(1), names: ["again"] };
  expect(namesOf([read(1), twice], [row(1, 2)])).toEqual(["org-1-to-acme-2"]);
});

test("the default organization has no source, in either form", () => {
  const input = { ...found([read(1)], [row(1, 2)]), sources: new Map<string, string>() };
  const args = (form: Form) =>
    declaredBy(programOf(planOf(input, form), "2026-11-25")).map((one) => one.args);
  expect(args("single")).toEqual([{ adopt: true, connectionTypes: ["logs"], sinkOrgId: uuid(2) }]);
  expect(args("set")).toEqual([{ adopt: true, connections: { [uuid(2)]: ["logs"] } }]);
});

test("a program is written as one reads it", () => {
  const plan = planOf(found([read(1)], [row(1, 2), row(1, 3)]), "single");
  expect(programOf(plan, "2026-11-25")).toMatchInlineSnapshot(`
    "// Cross-organization connections as they were live on 2026-11-25, written by \`datadog-org-connections
    // discover\`. \`pulumi preview\` announces each as taken over, \`pulumi up\` takes them into the state and writes
    // nothing at Datadog.

    import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";

    /** The destinations: UUIDs by their names at Datadog. */
    const organizations = {
      "Acme 2": "aaaaaaaa-0000-4000-8000-000000000002",
      "Acme 3": "aaaaaaaa-0000-4000-8000-000000000003",
    };

    interface Sharing extends Omit<OrgConnectionArgs, "sinkOrgId"> {
      sink: keyof typeof organizations;
    }

    /** Who shares what with whom, by the name of the resource; \`source\` says whose keys. */
    const connections: Record<string, Sharing> = {
      // "Acme 1" (aaaaaaaa-0000-4000-8000-000000000001) shares
      "org-1-to-acme-2": { source: "org-1", sink: "Acme 2", connectionTypes: ["logs"] },
      "org-1-to-acme-3": { source: "org-1", sink: "Acme 3", connectionTypes: ["logs"] },
    };

    for (const [name, { sink, ...args }] of Object.entries(connections)) {
      // \`adopt\` may go once it is in the state; \`protect\` keeps it from being ended by mistake.
      new OrgConnection(
        name,
        { adopt: true, ...args, sinkOrgId: organizations[sink] },
        { protect: true },
      );
    }
    "
  `);
});
