import { describe, expect, test } from "vitest";
import { callerCandidates, provenCaller } from "../../../core/src/operation/caller.js";
import { create } from "../../../core/src/index.js";
import { sentinels } from "../../../sandbox/src/index.js";
import { failureOf, operation, useSandbox } from "../connection/operation.js";

/** Rows by their ends: `"a>b"`; an end that is left out is missing. */
const listed = (...rows: string[]) =>
  callerCandidates(
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
    expect(listed(...rows)).toEqual(candidates);
  });

  test.each([["a>"], [">a"], [">"], ["a>a"]])("a row %j proves nothing, alone or twice", (row) => {
    expect([listed(row), listed(row, row), listed(row, "b>c")]).toEqual([[], [], ["b", "c"]]);
  });

  test("a row without one end does not stand in the way of a proof by the others", () => {
    expect(listed("a>b", ">d", "a>c")).toEqual(["a"]);
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
    expect(provenCaller(candidates, confirmed)).toBe(caller);
  });
});

describe("a pair that exists, and a list that does not tell whose it is", () => {
  const sandbox = useSandbox();

  test("of two rows to the destination none is adopted", async () => {
    const row = (id: string) => ({
      type: "org_connection",
      id,
      attributes: { created_at: "2026-01-01T00:00:00.000000+00:00", connection_types: ["logs"] },
      relationships: { sink_org: { data: { type: "orgs", id: sentinels.conflict } } },
    });
    const body = { data: [row("1"), row("2")], meta: { page: { total_count: 2 } } };
    const always = { times: Infinity, moment: "before" } as const;
    const forbidden = { kind: "status", status: 403, body: { errors: ["Forbidden"] } } as const;
    sandbox().fail({ ...always, on: { route: "listConnections" }, what: { kind: "json", body } });
    sandbox().fail({ ...always, on: { route: "listOrganizations" }, what: forbidden });
    const wanted = {
      source: "payments",
      sinkOrgId: sentinels.conflict,
      connectionTypes: ["logs"],
      adopt: true,
    };
    const error = await failureOf(create(operation(sandbox()), wanted));
    expect(error.code).toBe("pair-exists");
    expect(error.message).toContain("cannot tell apart");
  });
});
