import { describe, expect, test } from "vitest";
import { diff, remove } from "../../../core/src/index.js";
import { count, declared, entryOf, failureOf, operation, useSandbox, writes } from "./operation.js";
import { pairKey } from "../../../core/src/operation/world.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const made = () => declared(sandbox(), "payments", "observability");

describe("a connection that lives", () => {
  test("is gone afterwards", async () => {
    const { connectionId, recorded } = await made();
    const other = sandbox().connect({ source: "payments", sink: "security" });
    await remove(operation(sandbox()), connectionId, recorded);
    expect(sandbox().connections()).toMatchObject([{ id: other }]);
  });

  test("is deleted with the keys of its sink too", async () => {
    const { connectionId, recorded } = await made();
    await remove(operation(sandbox()), connectionId, { ...recorded, source: "observability" });
    expect(sandbox().connections()).toEqual([]);
  });

  test.each([
    ["a login page of status 200", { kind: "html", status: 200 }],
    ["a redirect", { kind: "redirect", location: "https://example.com/" }],
    ["a refusal", { kind: "status", status: 403 }],
  ] as const)("is not taken for deleted after %s", async (_, what) => {
    const { connectionId, recorded } = await made();
    sandbox().fail({ on: { route: "deleteConnection" }, times: Infinity, moment: "before", what });
    await failureOf(remove(operation(sandbox()), connectionId, recorded));
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("is deleted by a second try when the first answer was lost", async () => {
    const { connectionId, recorded } = await made();
    sandbox().fail({ on: { route: "deleteConnection" }, moment: "after", what: { kind: "reset" } });
    const world = operation(sandbox());
    await remove(world, connectionId, recorded);
    expect(sandbox().connections()).toEqual([]);
    expect(world.warnings).toEqual([]);
  });
});

describe("a connection that is gone already", () => {
  test("is a success for the keys of its source", async () => {
    const { connectionId, recorded } = await made();
    sandbox().disconnect(connectionId);
    const world = operation(sandbox());
    await remove(world, connectionId, recorded);
    expect(world.warnings).toEqual([]);
  });

  test("is an error for the keys of a stranger", async () => {
    const { connectionId, recorded } = await made();
    sandbox().disconnect(connectionId);
    const organizations = { payments: entryOf(sandbox(), "checkout") };
    const error = await failureOf(remove(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("wrong-organization");
  });

  test("and whose pair lives on: the twin is reported and left alone", async () => {
    const { connectionId, recorded } = await made();
    sandbox().disconnect(connectionId);
    const connectionTypes = ["audit"];
    const twin = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    const world = operation(sandbox());
    await remove(world, connectionId, recorded);
    expect(sandbox().connections()).toMatchObject([{ id: twin }]);
    expect(world.warnings).toEqual([expect.stringContaining(`${twin} (audit)`)]);
    expect(world.warnings[0]).toContain("sharing goes on");
  });
});

describe("nothing is sent", () => {
  test.each(["checkout", "globex-shop"])("with the keys of %s", async (stranger) => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), stranger) };
    const error = await failureOf(remove(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(idOf("payments"));
    expect(writes(sandbox())).toBe(0);
    expect(sandbox().connections()).toHaveLength(1);
  });

  test("with keys of which nobody can tell whose they are", async () => {
    const { connectionId, recorded } = await made();
    const organizations = { payments: entryOf(sandbox(), "readonly") };
    const error = await failureOf(remove(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("organization-unproven");
    expect(writes(sandbox())).toBe(0);
  });

  test("when the listing that should prove the keys cannot be had", async () => {
    const { connectionId, recorded } = await made();
    const what = { kind: "short-page", drop: 1 } as const;
    sandbox().fail({ on: { route: "listConnections" }, times: Infinity, moment: "before", what });
    const error = await failureOf(remove(operation(sandbox()), connectionId, recorded));
    expect(error.code).toBe("incomplete-listing");
    expect(writes(sandbox())).toBe(0);
  });

  test("for an id that diff kept for another resource of this operation, and the output says so", async () => {
    const { connectionId, recorded } = await made();
    const world = operation(sandbox());
    const { source, sinkOrgId, connectionTypes } = recorded;
    world.held.add(pairKey(source, sinkOrgId));
    await diff(world, connectionId, recorded, {
      ...(source !== undefined && { source }),
      sinkOrgId,
      connectionTypes,
    });
    await remove(world, connectionId, recorded);
    expect(sandbox().requests).toEqual([]);
    expect(sandbox().connections()).toHaveLength(1);
    expect(world.warnings).toEqual([expect.stringMatching(/was not deleted: another resource/)]);
  });
});

describe("many deletes of one organization", () => {
  const sinks = ["observability", "security", "checkout", "search"];

  test("one after the other cost one listing as proof", async () => {
    const all = await Promise.all(sinks.map((sink) => declared(sandbox(), "payments", sink)));
    sandbox().clearRequests();
    const world = operation(sandbox());
    for (const { connectionId, recorded } of all) await remove(world, connectionId, recorded);
    expect(sandbox().connections()).toEqual([]);
    expect(count(sandbox(), "listConnections")).toBe(1);
    expect(sandbox().requests).toHaveLength(1 + sinks.length);
  });

  test("at once cost one listing as proof", async () => {
    const all = await Promise.all(sinks.map((sink) => declared(sandbox(), "payments", sink)));
    sandbox().clearRequests();
    const world = operation(sandbox());
    await Promise.all(all.map(({ connectionId, recorded }) => remove(world, connectionId, recorded)));
    expect(sandbox().connections()).toEqual([]);
    expect(sandbox().requests).toHaveLength(1 + sinks.length);
  });
});
