import { describe, expect, test } from "vitest";
import { createBody } from "../../sandbox/harness.js";
import { decideRequest, MALFORMED_ID } from "./gate.js";

const SOURCE = "11111111-1111-4111-8111-111111111111";
const SINK = "aaaaaaaa-2222-4222-8222-222222222222";
const UNUSED = "33333333-3333-4333-8333-333333333333";
const OWN = "bbbbbbbb-4444-4444-8444-444444444444";
const OTHER = "55555555-5555-4555-8555-555555555555";
const CONNECTIONS = "/api/v2/org_connections";

const decide = (method: string, path: string, body: unknown = "") =>
  decideRequest(
    { method, path, body: typeof body === "string" ? body : JSON.stringify(body) },
    { sinkOrgId: SINK, unusedIds: new Set([UNUSED]), isOwn: (id) => id === OWN },
  );

describe("is forwarded", () => {
  test.each([
    ["a read", "GET", `${CONNECTIONS}?limit=1`, ""],
    ["a read of another call", "GET", "/api/v1/validate", ""],
    ["the exchange of an identity", "POST", "/api/v2/delegated-token", ""],
    ["an update of a connection of the run", "PATCH", `${CONNECTIONS}/${OWN}`, "{}"],
    ["an update with an unused ID", "PATCH", `${CONNECTIONS}/${UNUSED}`, "{}"],
    ["a delete with an unused ID", "DELETE", `${CONNECTIONS}/${UNUSED}`, ""],
    ["a delete with a malformed ID", "DELETE", `${CONNECTIONS}/${MALFORMED_ID}`, ""],
  ])("%s", (_, method, path, body) => {
    expect(decide(method, path, body)).toEqual({ kind: "forward" });
  });

  test.each([
    ["of the declared pair", SINK, SINK],
    ["of the declared pair in upper case", SINK.toUpperCase(), SINK],
    ["with an unused ID", UNUSED, UNUSED],
    ["with a malformed ID", MALFORMED_ID, MALFORMED_ID],
  ])("a create %s", (_, id, sinkOrgId) => {
    expect(decide("POST", CONNECTIONS, createBody(id, ["logs"]))).toEqual({ kind: "create", sinkOrgId });
  });

  test("a delete of a connection of the run, with or without keys in the query, in upper case", () => {
    for (const path of [OWN, `${OWN}?api_key=a`, OWN.toUpperCase()])
      expect(decide("DELETE", `${CONNECTIONS}/${path}`)).toEqual({ kind: "delete", connectionId: OWN });
  });
});

describe("is refused", () => {
  test.each([
    ["a create of another pair", "POST", CONNECTIONS, createBody(OTHER)],
    ["a create in the other direction", "POST", CONNECTIONS, createBody(SOURCE)],
    [
      "a create without a destination organization",
      "POST",
      CONNECTIONS,
      { data: { type: "org_connection" } },
    ],
    ["a create with two destination organizations", "POST", CONNECTIONS, createBody([SINK, OTHER])],
    ["a create that is not JSON", "POST", CONNECTIONS, "sink_org=1"],
    ["a create at an address with a slash at the end", "POST", `${CONNECTIONS}/`, createBody(SINK)],
    ["an update of another connection", "PATCH", `${CONNECTIONS}/${OTHER}`, "{}"],
    ["a delete of another connection", "DELETE", `${CONNECTIONS}/${OTHER}`, ""],
    ["a delete whose path has more parts", "DELETE", `${CONNECTIONS}/${OWN}/../${OTHER}`, ""],
    ["a delete whose path is encoded", "DELETE", `${CONNECTIONS}/%2e%2e/${OWN}`, ""],
    ["a delete of all connections", "DELETE", CONNECTIONS, ""],
    ["a write of another call", "POST", "/api/v2/users", "{}"],
    ["another method", "PUT", `${CONNECTIONS}/${OWN}`, "{}"],
    ["an address that is not a path", "GET", "@example.com/", ""],
  ])("%s", (_, method, path, body) => {
    expect(decide(method, path, body)).toMatchObject({ kind: "refuse" });
  });
});
