import { describe, expect, test } from "vitest";
import { createDraft, type Form } from "../../../../cli/src/commands/discover/draft.js";
import { formatProgram } from "../../../../cli/src/commands/discover/program.js";
import type { ManagedConnection } from "../../../../cli/src/stack/managed.js";
import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import {
  runProgram,
  createDraftInputs,
  createOrganization,
  createConnection,
  createUuid,
} from "./draft-inputs.js";

const listNames = (...args: Parameters<typeof createDraftInputs>) =>
  createDraft(createDraftInputs(...args), "single").sources.flatMap(({ entries }) =>
    entries.map(({ resource }) => resource),
  );

function createManaged(name: string, id: string): ManagedConnection {
  return {
    id,
    name,
    tool: "datadog-org-connections",
    location: "acme/prod",
    address: `urn:pulumi:prod::acme::${SINGLE_TYPE}::${name}`,
    form: "single",
    sinkOrgId: createUuid(2),
    connectionTypes: ["logs"],
    typesUnspecified: false,
    adopt: false,
    protect: false,
  };
}

describe("the names of resources", () => {
  test("consist of the names of both organizations; a configured name takes precedence over the name in Datadog", () => {
    expect(
      listNames(
        [createOrganization(1), createOrganization(2)],
        [createConnection(1, 2), createConnection(1, 3)],
      ),
    ).toEqual(["org-1-to-acme-3", "org-1-to-org-2"]);
  });

  test.each([
    ["São Paulo", "sao-paulo"],
    ["  R&D / Ops!  ", "r-d-ops"],
    ["日本の組織 ガ", "日本の組織-ガ"],
    ["हिन्दी", "हिन्दी"],
    ["🚀", createUuid(2)],
    ["", createUuid(2)],
    ["x".repeat(500), "x".repeat(60)],
  ])("%j is %s in it", (name, slug) => {
    expect(
      listNames([createOrganization(1)], [createConnection(1, 2, { sink: { id: createUuid(2), name } })]),
    ).toEqual([`org-1-to-${slug}`]);
  });

  test("that several organizations share get the UUID", () => {
    const createConnectionTo = (sink: number) =>
      createConnection(1, sink, { sink: { id: createUuid(sink), name: "Acme" } });
    expect(listNames([createOrganization(1)], [createConnectionTo(2), createConnectionTo(3)])).toEqual([
      `org-1-to-acme-${createUuid(2)}`,
      `org-1-to-acme-${createUuid(3)}`,
    ]);
  });

  test("that collide although the organizations differ get the ID of the connection, and so do names that a stack already has", () => {
    const createParty = (id: number, name: string) => ({ id: createUuid(id), name });
    const rows = [
      createConnection(1, 3, { source: createParty(1, "a"), sink: createParty(3, "b to c") }),
      createConnection(2, 4, { source: createParty(2, "a to b"), sink: createParty(4, "c") }),
    ];
    const input = createDraftInputs([createOrganization(1), createOrganization(2)], rows);
    const names = createDraft(
      { ...input, sourceNames: new Map([1, 2].map((id) => [createUuid(id), undefined])) },
      "single",
    ).sources.flatMap(({ entries }) => entries);
    expect(names.map(({ resource }) => resource).toSorted()).toEqual([
      "a-to-b-to-c",
      `a-to-b-to-c-${rows[1]?.id ?? ""}`,
    ]);
    const other = createManaged("org-1-to-acme-2", createUuid(9, "cccccccc"));
    expect(listNames([createOrganization(1)], [createConnection(1, 2)], [other])).toEqual([
      `org-1-to-acme-2-${createConnection(1, 2).id}`,
    ]);
  });

  test("of sets are the names of the sources", () => {
    const { sources } = createDraft(
      createDraftInputs(
        [createOrganization(1), createOrganization(2)],
        [createConnection(1, 2), createConnection(1, 3), createConnection(2, 3)],
      ),
      "set",
    );
    expect(sources.map(({ resource, entries }) => [resource, entries.length])).toEqual([
      ["org-1", 2],
      ["org-2", 1],
    ]);
  });
});

describe("what is omitted", () => {
  test("managed connections, by ID in any case; the stack is named", () => {
    const draft = createDraft(
      createDraftInputs(
        [createOrganization(1)],
        [createConnection(1, 2), createConnection(1, 3)],
        [createManaged("x", createConnection(1, 2).id.toUpperCase())],
      ),
      "single",
    );
    expect(draft.sources.flatMap(({ entries }) => entries.map(({ sink }) => sink))).toEqual(["Acme 3"]);
    expect(draft.remarks).toEqual([
      expect.stringMatching(/^Omitted: 1 connection that acme\/prod already manages\./),
    ]);
    expect(draft.complete).toBe(true);
  });

  test("connections from other organizations; up to twenty sources are named", () => {
    const rows = Array.from({ length: 25 }, (_, at) => createConnection(at + 2, 1, { listedBy: ["org-1"] }));
    const draft = createDraft(createDraftInputs([createOrganization(1)], rows), "single");
    expect(draft.sources).toEqual([]);
    expect(draft.remarks).toEqual([
      expect.stringMatching(
        /^Not included: 25 connections .* Configure the credentials of these sources.*"Acme 2" \(aaaaaaaa-.*, and 5 more\.$/,
      ),
    ]);
    expect(draft.complete).toBe(true);
  });

  test("a connection without a destination; a connection that a set cannot declare", () => {
    const incomplete = createConnection(1, 2);
    delete incomplete.sink;
    const untyped = createConnection(1, 3, { connectionTypes: [] });
    const input = createDraftInputs([createOrganization(1)], [incomplete, untyped]);
    expect(createDraft(input, "set").remarks).toEqual([
      expect.stringContaining(incomplete.id),
      expect.stringContaining(untyped.id),
    ]);
    const single = createDraft(input, "single");
    expect(single.sources[0]?.entries).toEqual([
      { resource: "org-1-to-acme-3", sink: "Acme 3", sinkOrgId: createUuid(3), live: untyped },
    ]);
    expect(single.remarks).toHaveLength(1);
  });

  test("connections of an unchecked organization; those that only it lists are not reported as inbound", () => {
    const unchecked = { names: ["shop"], checked: false, code: "forbidden", reason: "Refused." } as const;
    const draft = createDraft(
      createDraftInputs([createOrganization(1), unchecked], [createConnection(5, 6, { listedBy: ["shop"] })]),
      "single",
    );
    expect(draft.complete).toBe(false);
    expect(draft.remarks).toEqual([
      "NOT CHECKED: shop: connections from this organization are not included. Refused.",
    ]);
  });

  test("connections that only an unchecked organization lists are not inbound, even if a checked one has its name", () => {
    const named = { ...createOrganization(1), names: ["team"] };
    const unchecked = { names: ["team"], checked: false, code: "forbidden", reason: "Refused." } as const;
    const rows = [
      createConnection(5, 6, { listedBy: ["team"] }),
      createConnection(7, 1, { listedBy: ["team", "team"] }),
    ];
    const { remarks } = createDraft(createDraftInputs([named, unchecked], rows), "single");
    expect(remarks).toEqual([
      expect.stringMatching(/^NOT CHECKED: team: /),
      expect.stringMatching(/^Not included: 1 connection from .* The sources: "Acme 7" /),
    ]);
  });

  test("unrecognized types are declared and reported", () => {
    const draft = createDraft(
      createDraftInputs(
        [createOrganization(1)],
        [createConnection(1, 2, { connectionTypes: ["logs", "traces"] })],
      ),
      "single",
    );
    expect(draft.sources[0]?.entries[0]?.connectionTypes).toEqual(["logs", "traces"]);
    expect(draft.remarks).toEqual([expect.stringContaining('"traces"')]);
  });
});

test("an organization with two sets of credentials is declared once", () => {
  const twice = { ...createOrganization(1), names: ["again"] };
  expect(listNames([createOrganization(1), twice], [createConnection(1, 2)])).toEqual(["org-1-to-acme-2"]);
});

test("the default organization has no source in either form", () => {
  const input = {
    ...createDraftInputs([createOrganization(1)], [createConnection(1, 2)]),
    sourceNames: new Map([[createUuid(1), undefined]]),
  };
  const getArgs = (form: Form) =>
    runProgram(formatProgram(createDraft(input, form), "2026-11-25")).map((one) => one.args);
  expect(getArgs("single")).toEqual([{ adopt: true, connectionTypes: ["logs"], sinkOrgId: createUuid(2) }]);
  expect(getArgs("set")).toEqual([{ adopt: true, connections: { [createUuid(2)]: ["logs"] } }]);
});

test("the complete program", () => {
  const draft = createDraft(
    createDraftInputs([createOrganization(1)], [createConnection(1, 2), createConnection(1, 3)]),
    "single",
  );
  expect(formatProgram(draft, "2026-11-25")).toMatchInlineSnapshot(`
    "// Declares the cross-organization connections that were live on 2026-11-25. Written by
    // \`datadog-org-connections discover\`. \`pulumi preview\` reports that each connection will be adopted. \`pulumi
    // up\` adopts the connections into the state and changes nothing in Datadog.

    import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";

    /** The UUIDs of the destinations, by their names in Datadog. */
    const organizations = {
      "Acme 2": "aaaaaaaa-0000-4000-8000-000000000002",
      "Acme 3": "aaaaaaaa-0000-4000-8000-000000000003",
    };

    interface ConnectionArgs extends Omit<OrgConnectionArgs, "sinkOrgId"> {
      destination: keyof typeof organizations;
    }

    /** The connections, by resource name. \`source\` names the organization whose credentials are used. */
    const connections: Record<string, ConnectionArgs> = {
      // From "Acme 1" (aaaaaaaa-0000-4000-8000-000000000001)
      "org-1-to-acme-2": { source: "org-1", destination: "Acme 2", connectionTypes: ["logs"] },
      "org-1-to-acme-3": { source: "org-1", destination: "Acme 3", connectionTypes: ["logs"] },
    };

    for (const [name, { destination, ...args }] of Object.entries(connections)) {
      // Remove \`adopt\` once the connections are in the state. \`protect\` prevents accidental deletion.
      new OrgConnection(
        name,
        { adopt: true, ...args, sinkOrgId: organizations[destination] },
        { protect: true },
      );
    }
    "
  `);
});
