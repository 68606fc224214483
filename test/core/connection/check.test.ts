import { describe, expect, test } from "vitest";
import { check, type World } from "../../../core/src/index.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { operation, useSandbox } from "./operation.js";

const sandbox = useSandbox();
const SINK = "aaaaaaaa-0001-4000-8000-000000000001";
const offline = () => operation(sandbox(), { checks: "offline" });
const checked = (news: Record<string, unknown>, world: World = offline()) => check(world, {}, news);

describe("inputs are brought into one form", () => {
  test("the sink's UUID is trimmed and in lower case", async () => {
    expect(
      (await checked({ source: "payments", sinkOrgId: ` ${SINK.toUpperCase()} ` })).wanted?.sinkOrgId,
    ).toBe(SINK);
  });

  test("types are a sorted set in lower case", async () => {
    const { wanted, failures } = await checked({
      source: "payments",
      sinkOrgId: SINK,
      connectionTypes: ["metrics", " LOGS "],
    });
    expect(wanted?.connectionTypes).toEqual(["logs", "metrics"]);
    expect(failures).toEqual([]);
  });

  test("what is left out or null is absent", async () => {
    const { wanted } = await checked({
      source: "payments",
      sinkOrgId: SINK,
      connectionTypes: null,
      adopt: undefined,
    });
    expect(Object.keys(wanted ?? {}).sort()).toEqual(["sinkOrgId", "source"]);
  });

  test("a flag may come as text, as configuration gives it", async () => {
    expect((await checked({ source: "payments", sinkOrgId: SINK, adopt: "true" })).wanted?.adopt).toBe(true);
    expect((await checked({ source: "payments", sinkOrgId: SINK, adopt: "false" })).wanted?.adopt).toBe(
      false,
    );
  });

  test("all inputs pass through", async () => {
    const inputs = {
      source: "payments",
      sinkOrgId: SINK,
      connectionTypes: ["logs"],
      adopt: true,
      reason: "SEC-1",
    };
    expect(await checked(inputs)).toEqual({ wanted: inputs, failures: [] });
  });
});

describe("a bad input is a failure with its property", () => {
  test.each<[string, string, unknown, RegExp]>([
    ["a sink left out", "sinkOrgId", undefined, /^is missing: the UUID of the destination/],
    ["a sink that is null", "sinkOrgId", null, /^is missing/],
    ["a sink that is no text", "sinkOrgId", 7, /^must be a text/],
    ["a sink that is a name", "sinkOrgId", "Observability", /^is not a UUID: "Observability"/],
    ["an empty sink", "sinkOrgId", "", /^is not a UUID/],
    ["a UUID without dashes", "sinkOrgId", SINK.replaceAll("-", ""), /^is not a UUID/],
    ["an empty set of types", "connectionTypes", [], /^is empty/],
    ["a repeated type", "connectionTypes", ["logs", "metrics", "logs"], /^names "logs" twice/],
    ["a type repeated in another case", "connectionTypes", ["Logs", "logs"], /^names "logs" twice/],
    ["types as one text", "connectionTypes", "logs", /^must be a list of texts/],
    ["a type that is no text", "connectionTypes", ["logs", 1], /^must be a list of texts/],
    ["a blank type", "connectionTypes", ["logs", " "], /^must be a list of texts/],
    ["a blank source", "source", " ", /^is empty/],
    ["a source that is no text", "source", {}, /^must be a text/],
    ["a flag that is neither", "adopt", "yes", /^must be true or false/],
    ["a reason that is no text", "reason", 3, /^must be a text/],
    ["an input that does not exist", "sinkOrgID", SINK, /^is no input of an OrgConnection/],
  ])("%s", async (_, property, value, reason) => {
    const { failures } = await checked({ source: "payments", sinkOrgId: SINK, [property]: value });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
  });

  test("all of them at once", async () => {
    const { failures } = await checked({ sinkOrgId: "x", connectionTypes: [], adopt: 2, sink: SINK });
    expect(failures.map(({ property }) => property)).toEqual([
      "sink",
      "sinkOrgId",
      "connectionTypes",
      "adopt",
    ]);
  });

  test("an unknown source names the input and the setting", async () => {
    const { failures } = await checked({ source: "paymnts", sinkOrgId: SINK }, operation(sandbox()));
    expect(failures).toEqual([
      { property: "source", reason: expect.stringContaining('"paymnts"') as string },
    ]);
    expect(failures[0]?.reason).toContain("datadog-org-connections:organizations");
  });

  test("missing default keys are a failure of `source`", async () => {
    expect((await checked({ sinkOrgId: SINK }, operation(sandbox()))).failures).toEqual([
      { property: "source", reason: expect.stringContaining("DD_API_KEY") as string },
    ]);
  });
});

describe("a value that is not known yet passes", () => {
  test.each([
    ["as sink", { source: "payments", sinkOrgId: UNKNOWN }],
    ["as source, without a look at keys", { source: UNKNOWN, sinkOrgId: SINK }],
    ["as the whole set of types", { source: "payments", sinkOrgId: SINK, connectionTypes: UNKNOWN }],
    [
      "twice among the types",
      { source: "payments", sinkOrgId: SINK, connectionTypes: [UNKNOWN, "logs", UNKNOWN] },
    ],
    ["as adopt and reason", { source: "payments", sinkOrgId: SINK, adopt: UNKNOWN, reason: UNKNOWN }],
  ])("%s", async (_, news) => {
    const world = operation(sandbox());
    expect((await checked(news, world)).failures).toEqual([]);
    expect(world.warnings).toEqual([]);
  });
});

describe("a type that this version does not know", () => {
  const news = { source: "payments", sinkOrgId: SINK, connectionTypes: ["logs", "rum", "traces"] };

  test("is one warning that names it, never a failure", async () => {
    const world = operation(sandbox());
    const { wanted, failures } = await checked(news, world);
    expect(failures).toEqual([]);
    expect(wanted?.connectionTypes).toEqual(["logs", "rum", "traces"]);
    expect(world.warnings).toEqual([expect.stringContaining("rum, traces")]);
  });

  test("is not warned of again when nothing changed", async () => {
    const world = operation(sandbox());
    await check(world, news, news);
    expect(world.warnings).toEqual([]);
  });
});

describe("what check looks at", () => {
  const news = { source: "paymnts", sinkOrgId: SINK, connectionTypes: ["logs", "metrics"] };

  test("nothing for an unchanged resource, order and case aside: not even keys", async () => {
    const olds = { ...news, sinkOrgId: SINK.toUpperCase(), connectionTypes: ["metrics", "logs"] };
    expect((await check(operation(sandbox()), olds, news)).failures).toEqual([]);
  });

  test("keys when what is sent changed", async () => {
    const olds = { ...news, connectionTypes: ["logs"] };
    expect((await check(operation(sandbox()), olds, news)).failures).toHaveLength(1);
  });

  test("no keys with checks offline", async () => {
    expect((await checked(news, offline())).failures).toEqual([]);
  });

  test("bad inputs even with checks offline", async () => {
    expect((await checked({ ...news, sinkOrgId: "x" }, offline())).failures).toHaveLength(1);
  });

  test("the API not at all with checks offline", async () => {
    await checked({ source: "payments", sinkOrgId: SINK });
    expect(sandbox().requests).toEqual([]);
  });

  test("an error that is not ours is not turned into a failed check", async () => {
    const world: World = {
      ...operation(sandbox()),
      session: () => {
        throw new TypeError("a bug");
      },
    };
    await expect(async () => checked(news, world)).rejects.toThrow("a bug");
  });
});
