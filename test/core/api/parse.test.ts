import { describe, expect, test } from "vitest";
import { parseOrganizations, parseConnection, parseErrors, parsePage } from "../../../core/src/api/parse.js";
import { ID, SINK } from "./harness.js";

const SOURCE = "4dee724d-0000-4000-8000-000000000002";
const USER = "03e6bc43-0000-4000-8000-000000000003";
const createdAt = "2025-08-26T20:19:36.177236+00:00";

/** Creates a connection as recorded (core/src/api/wire.ts), with changes. */
function createRow(change: { attributes?: object; relationships?: unknown; [field: string]: unknown } = {}) {
  const { attributes, ...rest } = change;
  return {
    type: "org_connection",
    id: ID,
    attributes: { created_at: createdAt, connection_types: ["logs"], ...attributes },
    relationships: {
      source_org: { data: { type: "orgs", id: SOURCE, name: "Payments" } },
      sink_org: { data: { type: "orgs", id: SINK, name: "Observability" } },
      created_by: { data: { type: "users", id: USER, name: "Someone" } },
    },
    ...rest,
  };
}

const createMeta = (total_count: unknown, total_filtered_count?: unknown) => ({
  page: { total_count, total_filtered_count },
});

describe("a connection", () => {
  test("is parsed as recorded", () => {
    expect(parseConnection({ data: createRow() })).toEqual({
      id: ID,
      source: { id: SOURCE, name: "Payments" },
      sink: { id: SINK, name: "Observability" },
      createdBy: { id: USER, name: "Someone" },
      createdAt,
      connectionTypes: ["logs"],
    });
  });

  test("may have unknown fields at every level", () => {
    const more = { new_field: { a: 1 } };
    const data = {
      ...createRow({ attributes: more }),
      ...more,
      relationships: {
        ...more,
        source_org: { ...more, data: { ...more, type: "orgs", id: SOURCE } },
      },
    };
    expect(parseConnection({ data, ...more })).toEqual({
      id: ID,
      source: { id: SOURCE },
      createdAt,
      connectionTypes: ["logs"],
    });
  });

  test("may have unknown types; types are sorted and unique", () => {
    const attributes = { connection_types: ["rum", "logs", "audit", "rum"] };
    expect(parseConnection({ data: createRow({ attributes }) }).connectionTypes).toEqual([
      "audit",
      "logs",
      "rum",
    ]);
  });

  test.each<[string, unknown]>([
    ["no relationships", undefined],
    ["relationships that are null", null],
    ["empty relationships", {}],
    ["relationships with null values", { source_org: null, sink_org: null, created_by: null }],
    [
      "relationships with null data",
      { source_org: { data: null }, sink_org: {}, created_by: { data: null } },
    ],
  ])("may have %s", (_, relationships) => {
    expect(parseConnection({ data: createRow({ relationships }) })).toEqual({
      id: ID,
      createdAt,
      connectionTypes: ["logs"],
    });
  });

  test("may have a name that is null", () => {
    const relationships = { sink_org: { data: { id: SINK, name: null } } };
    expect(parseConnection({ data: createRow({ relationships }) }).sink).toEqual({ id: SINK });
  });

  test("has the IDs of its organizations in lower case, for comparisons", () => {
    const relationships = { sink_org: { data: { id: SINK.toUpperCase() } } };
    expect(parseConnection({ data: createRow({ relationships }) }).sink?.id).toBe(SINK);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", { data: [createRow()] }],
    ["no id", { data: createRow({ id: undefined }) }],
    ["no types", { data: createRow({ attributes: { connection_types: null } }) }],
    ["no date", { data: createRow({ attributes: { created_at: undefined } }) }],
    ["types that are not strings", { data: createRow({ attributes: { connection_types: [1] } }) }],
  ])("is not created from %s", (_, body) => {
    expect(() => parseConnection(body)).toThrow();
  });
});

describe("a page", () => {
  test("has the filtered total, not the overall total", () => {
    expect(parsePage({ data: [createRow()], included: [], meta: createMeta(7, 1) })).toMatchObject({
      total: 1,
    });
  });

  test("has the overall total if there is no filtered total", () => {
    expect(parsePage({ data: [], meta: createMeta(7) }).total).toBe(7);
  });

  test.each<[string, unknown]>([
    ["no meta", undefined],
    ["a meta that is null", null],
    ["a meta without page", {}],
    ["a page that is null", { page: null }],
    ["totals that are null", createMeta(null, null)],
  ])("with %s has no total", (_, meta) => {
    expect(parsePage({ data: [], meta })).toEqual({ connections: [] });
  });

  test("has the time of its response, if the headers contain it", () => {
    const date = "Tue, 26 Aug 2025 20:19:36 GMT";
    expect(parsePage({ data: [] }, { date }).date).toBe(Date.UTC(2025, 7, 26, 20, 19, 36));
    expect(parsePage({ data: [] }, { date: "soon" }).date).toBeUndefined();
  });

  test("may include anything", () => {
    const included = [{ type: "orgs", id: SINK, attributes: { url: null } }, { type: "moons" }, null];
    expect(parsePage({ data: [createRow()], included, meta: createMeta(1, 1) }).connections).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ["an object without data", {}],
    ["data that is null", { data: null }],
    ["one bad row among good ones", { data: [createRow(), { id: ID }] }],
  ])("is not created from %s", (_, body) => {
    expect(() => parsePage(body)).toThrow();
  });
});

describe("managed organizations", () => {
  const data = (current_org?: unknown) => ({
    type: "managed_orgs",
    id: SOURCE,
    ...(current_org !== undefined && { relationships: { current_org, managed_orgs: { data: [] } } }),
  });

  test("are parsed as published, with their nulls", () => {
    const attributes = {
      name: "Payments",
      public_id: "abc",
      description: null,
      disabled: null,
      sharing: "none",
      url: null,
      created_at: createdAt,
      modified_at: null,
    };
    const body = {
      data: data({ data: { type: "orgs", id: SOURCE } }),
      included: [{ type: "orgs", id: SOURCE.toUpperCase(), attributes }],
    };
    expect(parseOrganizations(body)).toEqual({
      callerId: SOURCE,
      organizations: [{ id: SOURCE, name: "Payments", publicId: "abc", disabled: false, createdAt }],
    });
  });

  test("identify the caller by the current organization, otherwise by their own ID", () => {
    expect(parseOrganizations({ data: data({ data: { id: SINK } }) }).callerId).toBe(SINK);
    expect(parseOrganizations({ data: data() }).callerId).toBe(SOURCE);
    expect(parseOrganizations({ data: data(null) }).callerId).toBe(SOURCE);
  });

  test("identify the caller by their own ID if the current organization has null data", () => {
    expect(parseOrganizations({ data: data({ data: null }) }).callerId).toBe(SOURCE);
  });

  test("may include other rows, and organizations without attributes", () => {
    const included = [
      { type: "users", id: USER },
      { type: "orgs", id: SINK, attributes: null },
    ];
    expect(parseOrganizations({ data: data(), included }).organizations).toEqual([
      { id: SINK, name: "", disabled: false },
    ]);
  });

  test("reject a caller ID that is not a UUID, such as another service's login", () => {
    expect(() => parseOrganizations({ data: { id: "login" } })).toThrow();
    expect(() => parseOrganizations({ data: data({ data: { id: "1234" } }) })).toThrow();
    expect(parseOrganizations({ data: { id: SOURCE.toUpperCase() } }).callerId).toBe(SOURCE);
  });

  test("are not created from a list of connections", () => {
    expect(() => parseOrganizations({ data: [] })).toThrow();
  });
});

describe("the error messages of a response", () => {
  test("are those of `errors`", () => {
    expect(parseErrors({ errors: ["one", "two"], more: 1 })).toEqual(["one", "two"]);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["another shape", { error: "one" }],
    ["objects", { errors: [{ title: "one" }] }],
    ["a string", "one"],
  ])("are none in %s", (_, body) => {
    expect(parseErrors(body)).toEqual([]);
  });
});
