import { describe, expect, test } from "vitest";
import { findCallerCandidates, deriveCaller } from "../../../core/src/operation/caller.js";
import { create } from "../../../core/src/index.js";
import { sentinels } from "../../../sandbox/src/index.js";
import { catchError, createOperation, useSandbox } from "../connection/operation.js";

/** Finds the candidates of rows such as `"a>b"`. An omitted organization is missing in the row. */
const findCandidates = (...rows: string[]) =>
  findCallerCandidates(
    rows.map((row) => {
      const [source = "", sink = ""] = row.split(">");
      return {
        id: row,
        createdAt: "",
        connectionTypes: ["logs"],
        ...(source !== "" && { source: { id: source } }),
        ...(sink !== "" && { sink: { id: sink } }),
      };
    }),
  ).map(({ id }) => id);

describe("the organizations that the caller of a list can be", () => {
  test.each<[string[], string[]]>([
    [[], []],
    [["a>b"], ["a", "b"]],
    [["a>b", "a>c"], ["a"]],
    [["a>b", "c>a", "a>c"], ["a"]],
    [
      ["a>b", "b>a"],
      ["a", "b"],
    ],
    [["a>b", "c>d"], []],
  ])("of %j are %j", (rows, candidates) => {
    expect(findCandidates(...rows)).toEqual(candidates);
  });

  test.each([["a>"], [">a"], [">"], ["a>a"]])("a row %j proves nothing, alone or twice", (row) => {
    expect([findCandidates(row), findCandidates(row, row), findCandidates(row, "b>c")]).toEqual([
      [],
      [],
      ["b", "c"],
    ]);
  });

  test("a row that lacks an organization does not prevent a proof by other rows", () => {
    expect(findCandidates("a>b", ">d", "a>c")).toEqual(["a"]);
  });
});

describe("the proven caller", () => {
  test.each<[string[], string | undefined, string | undefined]>([
    [["a"], undefined, "a"],
    [["a", "b"], undefined, undefined],
    [["a", "b"], "b", "b"],
    [["a", "b"], "c", undefined],
    [[], "c", "c"],
    [[], undefined, undefined],
  ])("of candidates %j and a confirmation of %j is %j", (candidates, confirmed, caller) => {
    expect(deriveCaller(candidates, confirmed)).toBe(caller);
  });
});

describe("a pair that exists, and a listing that does not prove the caller", () => {
  const sandbox = useSandbox();

  test("neither of two rows to the destination is adopted", async () => {
    const createRow = (id: string) => ({
      type: "org_connection",
      id,
      attributes: { created_at: "2026-01-01T00:00:00.000000+00:00", connection_types: ["logs"] },
      relationships: { sink_org: { data: { type: "orgs", id: sentinels.conflict } } },
    });
    const body = { data: [createRow("1"), createRow("2")], meta: { page: { total_count: 2 } } };
    const always = { times: Infinity, moment: "before" } as const;
    const forbidden = { kind: "status", status: 403, body: { errors: ["Forbidden"] } } as const;
    sandbox().fail({ ...always, on: { route: "listConnections" }, what: { kind: "json", body } });
    sandbox().fail({ ...always, on: { route: "listOrganizations" }, what: forbidden });
    const inputs = {
      source: "payments",
      sinkOrgId: sentinels.conflict,
      connectionTypes: ["logs"],
      adopt: true,
    };
    const error = await catchError(create(createOperation(sandbox()), inputs));
    expect(error.code).toBe("pair-exists");
    expect(error.message).toContain("the connection exists, but it cannot be identified in the list");
  });
});
