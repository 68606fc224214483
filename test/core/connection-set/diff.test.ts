import { describe, expect, test } from "vitest";
import { checkSet, diffSet, remove } from "../../../core/src/index.js";
import { entryOf, operation, useSandbox } from "../connection/operation.js";
import { declaredSet, liveTexts, partOf, step, wantedSet } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const LOGS = { observability: ["logs"] };
const change = async (...[olds, news]: [Parameters<typeof diffSet>[1], Parameters<typeof diffSet>[2]]) =>
  (await diffSet(operation(sandbox()), olds, news)).change;

describe("what makes a difference", () => {
  test.each([
    ["nothing", {}, LOGS, "none"],
    ["types", {}, { observability: ["metrics"] }, "update"],
    ["a destination more", {}, { ...LOGS, security: ["logs"] }, "update"],
    ["a destination less", {}, {}, "update"],
    ["exclusive", { exclusive: true }, LOGS, "update"],
    ["adopt", { adopt: true }, LOGS, "update"],
    ["reason", { reason: "SEC-1" }, LOGS, "update"],
  ])("%s", async (_, more, connections, expected) => {
    const olds = await declaredSet(sandbox(), LOGS);
    expect(await change(olds, wantedSet(sandbox(), connections, more))).toBe(expected);
    expect(sandbox().requests).toEqual([]);
  });

  test("a source that leads to another organization replaces the set", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const news = wantedSet(sandbox(), LOGS, { source: "checkout" });
    expect(await diffSet(operation(sandbox()), olds, news)).toEqual({
      change: "replace",
      because: ["source"],
    });
  });

  test("another name of the same organization does not", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const world = operation(sandbox(), { organizations: { pay: entryOf(sandbox(), "payments") } });
    expect(await diffSet(world, olds, wantedSet(sandbox(), LOGS, { source: "pay" }))).toEqual({
      change: "update",
    });
  });

  test("a member that this operation has ended for another resource has to be made again", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const world = operation(sandbox());
    const id = olds.members[idOf("observability")]?.id ?? "";
    const { sourceOrgId } = olds;
    await remove(world, id, {
      source: "payments",
      sinkOrgId: idOf("observability"),
      sourceOrgId,
    });
    expect(await step(world, olds, wantedSet(sandbox(), LOGS))).toMatchObject({
      connections: { [idOf("observability")]: ["logs"] },
    });
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs"]);
  });
});

describe("what is to be ended", () => {
  test("is named in the preview, a member as well as a stranger", async () => {
    const stranger = sandbox().connect({ source: "payments", sink: "search" });
    const olds = await declaredSet(sandbox(), { ...LOGS, security: ["audit"] }, { exclusive: true });
    const world = operation(sandbox());
    await diffSet(world, olds, wantedSet(sandbox(), LOGS, { exclusive: true }));
    expect(world.warnings.join("\n")).toContain(
      `Acme Security: connection ${olds.members[idOf("security")]?.id ?? "?"} is to be ended`,
    );
    expect(world.warnings.join("\n")).toContain(`connection ${stranger} is to be ended`);
    expect(world.warnings).toHaveLength(2);
  });

  test("strangers are not, once the set is exclusive no more", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    const olds = await declaredSet(sandbox(), LOGS, { exclusive: true });
    await step(operation(sandbox()), olds, wantedSet(sandbox(), LOGS));
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });

  test("a stranger whose destination the set now declares is not, even if it may not be taken over", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await declaredSet(sandbox(), LOGS, { exclusive: true });
    const news = wantedSet(sandbox(), { ...LOGS, search: ["logs"] }, { exclusive: true });
    await partOf(step(operation(sandbox()), olds, news));
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs", "payments → search: audit"]);
  });

  test("a stranger whose destination the set now declares is taken over with adopt", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await declaredSet(sandbox(), LOGS, { exclusive: true });
    const news = wantedSet(sandbox(), { ...LOGS, search: ["logs"] }, { exclusive: true, adopt: true });
    await step(operation(sandbox()), olds, news);
    expect(
      sandbox()
        .requests.map(({ method }) => method)
        .filter((method) => method !== "GET"),
    ).toEqual(["PATCH"]);
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });
});

describe("what another resource gives up", () => {
  const given = { source: "payments", connectionTypes: [], createdAt: "" };

  test("stays while the set holds it", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const world = operation(sandbox());
    expect(await step(world, olds, wantedSet(sandbox(), LOGS))).toBe("none");
    const id = olds.members[idOf("observability")]?.id ?? "";
    await remove(world, id, { ...given, sinkOrgId: idOf("observability"), sourceOrgId: olds.sourceOrgId });
    expect(liveTexts(sandbox())).toHaveLength(1);
    expect(world.warnings.join()).toContain("a set of this program holds it");
  });

  test("a destination that the set declares no more is ended by it", async () => {
    const olds = await declaredSet(sandbox(), { ...LOGS, security: ["logs"] });
    await step(operation(sandbox()), olds, wantedSet(sandbox(), LOGS));
    expect(liveTexts(sandbox())).toEqual(["payments → observability: logs"]);
  });

  test("a refresh asks for the difference of a set that the program has no more: that keeps nothing", async () => {
    const olds = await declaredSet(sandbox(), LOGS);
    const world = operation(sandbox());
    await diffSet(world, olds, wantedSet(sandbox(), LOGS));
    expect(world.kept.size).toBe(0);
  });

  test("check remembers what an unchanged set declares", async () => {
    const wanted = wantedSet(sandbox(), LOGS);
    const world = operation(sandbox());
    await checkSet(world, { ...wanted }, { ...wanted });
    expect(world.held.size).toBe(1);
  });
});
