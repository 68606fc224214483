import { describe, expect, test } from "vitest";
import { UNCONFIGURED_SOURCES } from "../../../core/src/connection/other-failures.js";
import { check } from "../../../core/src/index.js";
import { createPreviewFixtures, createStatusFault } from "./preview-fixtures.js";
import { createEntry, useSandbox } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const { createNews, setResponse } = createPreviewFixtures(sandbox);

/** An operation with these organizations, of which "payments" and "search" have a wrong key. */
const createBadOperation = (env: Record<string, string> = {}) =>
  createQuickOperation(sandbox(), {
    reportsOthers: true,
    env,
    organizations: {
      // All other organizations of the sandbox have no problem.
      ...Object.fromEntries(sandbox().organizations.map(({ key }) => [key, undefined])),
      payments: createEntry(sandbox(), "payments", { appKey: "x" }),
      checkout: createEntry(sandbox(), "checkout"),
      search: createEntry(sandbox(), "search", { apiKey: "x" }),
    },
  });
const listReasons = async (...args: Parameters<typeof check>) =>
  (await check(...args)).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe("if the credentials of an organization fail, the check", () => {
  test("reports the other configured organizations that fail too, and no others", async () => {
    const reasons = await listReasons(createBadOperation(), {}, createNews());
    expect(reasons).toEqual([
      expect.stringMatching(/^source: Datadog denied the request of organization "payments".*\[forbidden\]$/),
      expect.stringMatching(
        /^source: Also, for another configured organization: Datadog denied the request of organization "search", sent with the keys taken from stack configuration \S+ and stack configuration \S+ \[forbidden\]$/,
      ),
    ]);
  });

  test("reports them once per operation", async () => {
    const context = createBadOperation();
    await check(context, {}, createNews());
    const reasons = await listReasons(context, {}, createNews("security"));
    expect(reasons).toHaveLength(1);
  });

  test("reports an organization that only variables name, and not its own name in another form", async () => {
    const env = { DD_API_KEY__PAYMENTS: "x", DD_API_KEY__SHOP: "only-one" };
    const reasons = await listReasons(createBadOperation(env), {}, createNews());
    expect(reasons.map((reason) => /organization "(\w+)"/.exec(reason)?.[1])).toEqual([
      "payments",
      "search",
      "shop",
    ]);
    expect(reasons.join()).not.toContain("only-one");
  });

  test("does not report the default organization, whose variables are often set for other tools", async () => {
    const reasons = await listReasons(
      createBadOperation({ DD_API_KEY: "x", DD_APP_KEY: "x" }),
      {},
      createNews(),
    );
    expect(reasons.join()).not.toContain("the default organization");
  });
});

describe("the sources of the program that are not configured", () => {
  const checkSources = (...sources: unknown[]) => {
    const list = sources.map((source, index) => ({ source, resource: `OrgConnection "${index}"` }));
    const news = { ...createNews("observability", "paymets"), [UNCONFIGURED_SOURCES]: JSON.stringify(list) };
    return listReasons(createQuickOperation(sandbox()), {}, news);
  };

  test("are one more failure, without the own source and those that this process can resolve", async () => {
    expect(await checkSources("paymets", "chekout", "search", "serch")).toEqual([
      expect.stringMatching(/^source: Organization "paymets" is not configured, .*\[unknown-source\]$/),
      'source: Also, the program has other sources that are not configured: "chekout" (OrgConnection "1"), ' +
        '"serch" (OrgConnection "3"). [unknown-source]',
    ]);
    expect(sandbox().requests).toEqual([]);
  });

  test("are counted from 30 on", async () => {
    const names = Array.from({ length: 33 }, (_, index) => `x${index}`);
    const [, others = ""] = await checkSources(...names);
    expect(others).toMatch(/"x29" \(OrgConnection "29"\), and 3 more\. \[unknown-source\]$/);
  });

  test("include the default organization, with its own reason", async () => {
    expect((await checkSources(null)).slice(1)).toEqual([
      'source: Also, for OrgConnection "0": No credentials are set for the default organization. [credentials-missing]',
    ]);
  });

  test.each(["[]", "{", '[{"source":1}]', 7, undefined])("%j reports nothing", async (value) => {
    const news = { ...createNews("observability", "paymets"), [UNCONFIGURED_SOURCES]: value };
    expect(await listReasons(createQuickOperation(sandbox()), {}, news)).toHaveLength(1);
  });

  test("are no input: they are not stored", async () => {
    const context = createQuickOperation(sandbox());
    const { inputs } = await check(context, {}, { ...createNews(), [UNCONFIGURED_SOURCES]: "[]" });
    expect(Object.keys(inputs ?? {})).not.toContain(UNCONFIGURED_SOURCES);
  });
});

test("without a failure, the other organizations cost no request", async () => {
  const context = createBadOperation();
  expect(await listReasons(context, {}, createNews("observability", "checkout"))).toEqual([]);
  expect(sandbox().requests).toHaveLength(2);
});

test("uncertain failures of others are not reported", async () => {
  const context = createQuickOperation(sandbox(), {
    reportsOthers: true,
    organizations: { payments: { apiKey: "only-one" } },
  });
  setResponse("listConnections", createStatusFault(418));
  expect(await listReasons(context, {}, createNews())).toHaveLength(1);
});
