import { describe, expect, test } from "vitest";
import { readSet, removeSet } from "../../../core/src/index.js";
import { seedWith } from "../../../sandbox/src/index.js";
import { count, entryOf, failureOf, operation, useSandbox } from "../connection/operation.js";
import { declaredSet, liveTexts } from "./operation.js";

const sandbox = useSandbox();
const many = useSandbox({ seed: seedWith({ sources: 100 }) });
const idOf = (key: string) => sandbox().organization(key).id;
const TWO = { observability: ["logs"], security: ["audit"] };

describe("reading a set", () => {
  test("gives what is live, and the inputs that declare it, for one request", async () => {
    const olds = await declaredSet(sandbox(), TWO, { adopt: true, reason: "SEC-1" });
    const { recorded, wanted } = await readSet(operation(sandbox()), olds);
    expect(recorded).toEqual(olds);
    const { source, connections, adopt, reason } = olds;
    expect(wanted).toEqual({ source, connections, adopt, reason });
    expect(sandbox().requests).toHaveLength(1);
  });

  test("shows drift, and a member that is gone with a warning", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    sandbox().changeTypes(olds.members[idOf("observability")]?.id ?? "", ["metrics"]);
    sandbox().disconnect(olds.members[idOf("security")]?.id ?? "");
    const world = operation(sandbox());
    const { recorded, wanted } = await readSet(world, olds);
    expect(recorded.connections).toEqual({ [idOf("observability")]: ["metrics"] });
    expect(Object.keys(recorded.members)).toEqual([idOf("observability")]);
    expect(wanted.connections).toEqual(recorded.connections);
    expect(world.warnings.join()).toContain("Acme Security is gone");
  });

  test("says gone on a list begun after the read, not on one that others had begun before", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    const world = operation(sandbox());
    sandbox().disconnect(olds.members[idOf("security")]?.id ?? "");
    await world.session("payments").listing();
    const id = sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const members = { ...olds.members, [idOf("security")]: { id, createdAt: "" } };
    const { recorded } = await readSet(world, { ...olds, members });
    expect(Object.keys(recorded.members)).toHaveLength(2);
    expect(count(sandbox(), "listConnections")).toBe(2);
  });

  test("never says gone with the keys of a stranger", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    const payments = entryOf(sandbox(), "checkout");
    const error = await failureOf(readSet(operation(sandbox(), { organizations: { payments } }), olds));
    expect(error.code).toBe("wrong-organization");
  });
});

describe("reading an exclusive set", () => {
  test("shows others' connections from its organization, and none that lead to it", async () => {
    const olds = await declaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    const stranger = sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const { recorded, wanted } = await readSet(operation(sandbox()), olds);
    expect(recorded.strangers).toEqual({ [idOf("search")]: stranger });
    expect(wanted.connections).toEqual({ [idOf("observability")]: ["logs"], [idOf("search")]: ["audit"] });
  });

  test("forgets a stranger that is gone", async () => {
    const stranger = sandbox().connect({ source: "payments", sink: "search" });
    const olds = await declaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    expect(olds.strangers).toEqual({ [idOf("search")]: stranger });
    sandbox().disconnect(stranger);
    const { recorded } = await readSet(operation(sandbox()), olds);
    expect(recorded).not.toHaveProperty("strangers");
  });

  test("needs the keys of its organization: those of a destination see its members and not the rest", async () => {
    sandbox().connect({ source: "payments", sink: "search" });
    const olds = await declaredSet(sandbox(), { observability: ["logs"] }, { exclusive: true });
    const payments = entryOf(sandbox(), "observability");
    const error = await failureOf(readSet(operation(sandbox(), { organizations: { payments } }), olds));
    expect(error.code).toBe("wrong-organization");
  });

  test("one that is not exclusive shows no strangers", async () => {
    const olds = await declaredSet(sandbox(), { observability: ["logs"] });
    sandbox().connect({ source: "payments", sink: "search" });
    const { recorded } = await readSet(operation(sandbox()), olds);
    expect(recorded).toEqual(olds);
  });
});

describe("deleting a set", () => {
  test("ends its members, and neither strangers nor what leads to it", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const olds = await declaredSet(sandbox(), TWO, { exclusive: true });
    await removeSet(operation(sandbox()), olds);
    expect(liveTexts(sandbox())).toEqual(["checkout → payments: logs", "payments → search: logs"]);
  });

  test("names how many were not ended, and ends the others", async () => {
    const olds = await declaredSet(sandbox(), { ...TWO, search: ["logs"] });
    for (const key of ["observability", "security"]) {
      const connectionId = olds.members[idOf(key)]?.id ?? "";
      const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
      sandbox().fail({ on: { route: "deleteConnection", connectionId }, moment: "before", what });
    }
    const error = await failureOf(removeSet(operation(sandbox()), olds));
    expect(error.message).toContain("2 of the set's connections were not ended");
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs", "payments → security: audit"]);
  });

  test("tells one cause, and how many others there are", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    for (const [key, reason] of [
      ["observability", "no"],
      ["security", "never"],
    ] as const) {
      const connectionId = olds.members[idOf(key)]?.id ?? "";
      const what = { kind: "status", status: 400, body: { errors: [reason] } } as const;
      sandbox().fail({ on: { route: "deleteConnection", connectionId }, moment: "before", what });
    }
    const error = await failureOf(removeSet(operation(sandbox()), olds));
    expect(error.message).toMatch(/^2 of the set's connections were not ended\. .* And 1 other cause\.( |$)/);
  });

  test("names what was left alone in an outage too", async () => {
    const connections = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`source-${at + 1}`, ["logs"]]),
    );
    const olds = await declaredSet(many(), connections);
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    many().fail({ on: { route: "deleteConnection" }, times: Infinity, moment: "before", what });
    const error = await failureOf(removeSet(operation(many()), olds));
    expect(error.message).toContain("100 of the set's connections were not ended");
    expect(count(many(), "deleteConnection")).toBeLessThan(64);
    expect(many().connections()).toHaveLength(100);
  });

  test("is not done with the keys of a stranger", async () => {
    const olds = await declaredSet(sandbox(), TWO);
    const payments = entryOf(sandbox(), "checkout");
    const error = await failureOf(removeSet(operation(sandbox(), { organizations: { payments } }), olds));
    expect(error.code).toBe("wrong-organization");
  });
});
