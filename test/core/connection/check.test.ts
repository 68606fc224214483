import { describe, expect, test } from "vitest";
import { check, type OperationContext } from "../../../core/src/index.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { createOperation, useSandbox } from "./operation.js";

const sandbox = useSandbox();
const SINK = "aaaaaaaa-0001-4000-8000-000000000001";
const createOfflineOperation = () => createOperation(sandbox(), { checks: "offline" });
const runCheck = (news: Record<string, unknown>, context: OperationContext = createOfflineOperation()) =>
  check(context, {}, news);

describe("inputs are normalized", () => {
  test("the destination's UUID is trimmed and converted to lower case", async () => {
    expect(
      (await runCheck({ source: "payments", sinkOrgId: ` ${SINK.toUpperCase()} ` })).inputs?.sinkOrgId,
    ).toBe(SINK);
  });

  test("types are converted to lower case and sorted", async () => {
    const { inputs, failures } = await runCheck({
      source: "payments",
      sinkOrgId: SINK,
      connectionTypes: ["metrics", " LOGS "],
    });
    expect(inputs?.connectionTypes).toEqual(["logs", "metrics"]);
    expect(failures).toEqual([]);
  });

  test("omitted inputs and null are absent", async () => {
    const { inputs } = await runCheck({
      source: "payments",
      sinkOrgId: SINK,
      connectionTypes: null,
      adopt: undefined,
    });
    expect(Object.keys(inputs ?? {}).sort()).toEqual(["sinkOrgId", "source"]);
  });

  test("a boolean may be a string, as in the configuration", async () => {
    expect((await runCheck({ source: "payments", sinkOrgId: SINK, adopt: "true" })).inputs?.adopt).toBe(true);
    expect((await runCheck({ source: "payments", sinkOrgId: SINK, adopt: "false" })).inputs?.adopt).toBe(
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
    expect(await runCheck(inputs)).toEqual({ inputs, failures: [] });
  });
});

describe("an invalid input is a failure with its property", () => {
  test.each<[string, string, unknown, RegExp]>([
    [
      "an omitted destination",
      "sinkOrgId",
      undefined,
      /^is missing\. It must be the UUID of the destination/,
    ],
    ["a destination that is null", "sinkOrgId", null, /^is missing/],
    ["a destination that is not a string", "sinkOrgId", 7, /^must be a string/],
    ["a destination that is a name", "sinkOrgId", "Observability", /^is not a UUID: "Observability"/],
    ["an empty destination", "sinkOrgId", "", /^is not a UUID/],
    ["a UUID without dashes", "sinkOrgId", SINK.replaceAll("-", ""), /^is not a UUID/],
    ["an empty set of types", "connectionTypes", [], /^is empty/],
    ["a repeated type", "connectionTypes", ["logs", "metrics", "logs"], /^lists "logs" more than once/],
    ["a type repeated in another case", "connectionTypes", ["Logs", "logs"], /^lists "logs" more than once/],
    ["types as a single string", "connectionTypes", "logs", /^must be a list of strings/],
    ["a type that is not a string", "connectionTypes", ["logs", 1], /^must be a list of strings/],
    ["a blank type", "connectionTypes", ["logs", " "], /^must be a list of strings/],
    ["a blank source", "source", " ", /^is empty/],
    ["a source that is not a string", "source", {}, /^must be a string/],
    ["an invalid boolean", "adopt", "yes", /^must be true or false/],
    ["a reason that is not a string", "reason", 3, /^must be a string/],
    ["an input that does not exist", "sinkOrgID", SINK, /^is not an input of an OrgConnection/],
  ])("%s", async (_, property, value, reason) => {
    const { failures } = await runCheck({ source: "payments", sinkOrgId: SINK, [property]: value });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
  });

  test("all of them together", async () => {
    const { failures } = await runCheck({ sinkOrgId: "x", connectionTypes: [], adopt: 2, sink: SINK });
    expect(failures.map(({ property }) => property)).toEqual([
      "sink",
      "sinkOrgId",
      "connectionTypes",
      "adopt",
    ]);
  });

  test("an unknown source names the input and the setting", async () => {
    const { failures } = await runCheck({ source: "billing", sinkOrgId: SINK }, createOperation(sandbox()));
    expect(failures).toEqual([
      { property: "source", reason: expect.stringContaining('"billing"') as string },
    ]);
    expect(failures[0]?.reason).toContain("datadog-org-connections:organizations");
  });

  test("missing default credentials are a failure of `source`", async () => {
    expect((await runCheck({ sinkOrgId: SINK }, createOperation(sandbox()))).failures).toEqual([
      { property: "source", reason: expect.stringContaining("DD_API_KEY") as string },
    ]);
  });
});

describe("an unknown value passes", () => {
  test.each([
    ["as destination", { source: "payments", sinkOrgId: UNKNOWN }],
    ["as source, without reading credentials", { source: UNKNOWN, sinkOrgId: SINK }],
    ["as the whole set of types", { source: "payments", sinkOrgId: SINK, connectionTypes: UNKNOWN }],
    [
      "twice among the types",
      { source: "payments", sinkOrgId: SINK, connectionTypes: [UNKNOWN, "logs", UNKNOWN] },
    ],
    ["as adopt and reason", { source: "payments", sinkOrgId: SINK, adopt: UNKNOWN, reason: UNKNOWN }],
  ])("%s", async (_, news) => {
    const context = createOperation(sandbox());
    expect((await runCheck(news, context)).failures).toEqual([]);
    expect(context.warnings).toEqual([]);
  });
});

describe("a type that this version does not know", () => {
  const news = { source: "payments", sinkOrgId: SINK, connectionTypes: ["logs", "rum", "traces"] };

  test("is a warning that names it, never a failure", async () => {
    const context = createOperation(sandbox());
    const { inputs, failures } = await runCheck(news, context);
    expect(failures).toEqual([]);
    expect(inputs?.connectionTypes).toEqual(["logs", "rum", "traces"]);
    expect(context.warnings).toEqual([expect.stringContaining("rum, traces")]);
  });

  test("has no warning if nothing changed", async () => {
    const context = createOperation(sandbox());
    await check(context, news, news);
    expect(context.warnings).toEqual([]);
  });
});

describe("what check uses", () => {
  const news = { source: "billing", sinkOrgId: SINK, connectionTypes: ["logs", "metrics"] };

  test("nothing for an unchanged resource, in any order and case: not even credentials", async () => {
    const olds = { ...news, sinkOrgId: SINK.toUpperCase(), connectionTypes: ["metrics", "logs"] };
    expect((await check(createOperation(sandbox()), olds, news)).failures).toEqual([]);
  });

  test("credentials if a sent input changed", async () => {
    const olds = { ...news, connectionTypes: ["logs"] };
    expect((await check(createOperation(sandbox()), olds, news)).failures).toHaveLength(1);
  });

  test("no credentials with offline checks", async () => {
    expect((await runCheck(news, createOfflineOperation())).failures).toEqual([]);
  });

  test("invalid inputs are found even with offline checks", async () => {
    expect((await runCheck({ ...news, sinkOrgId: "x" }, createOfflineOperation())).failures).toHaveLength(1);
  });

  test("no API with offline checks", async () => {
    await runCheck({ source: "payments", sinkOrgId: SINK });
    expect(sandbox().requests).toEqual([]);
  });

  test("another error is not converted to a failed check", async () => {
    const context: OperationContext = {
      ...createOperation(sandbox()),
      getSession: () => {
        throw new TypeError("a bug");
      },
    };
    await expect(async () => runCheck(news, context)).rejects.toThrow("a bug");
  });
});
