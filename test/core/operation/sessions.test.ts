import { describe, expect, test } from "vitest";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/setting-names.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();
type Entry = {
  apiKey?: string;
  appKey?: string;
  bearerToken?: string;
  id?: string;
  url?: string;
  auth?: string;
};

function createSessions(organizations: Record<string, Entry>, env: Record<string, string> = {}) {
  const warnings: string[] = [];
  const config: Record<string, string> = {
    [ORGANIZATIONS_KEY]: JSON.stringify(organizations),
    [`${NAMESPACE}:url`]: sandbox().url,
  };
  const settings = { config: (key: string) => config[key], env };
  return {
    warnings,
    sessions: new Sessions(
      () => settings,
      (text) => void warnings.push(text),
    ),
  };
}

const one = { apiKey: "api-one", appKey: "app-one" };

describe("names share a session", () => {
  test("with the same credentials at the same address", () => {
    const { sessions } = createSessions({ a: one, b: { ...one } });
    expect(sessions.getSession("a")).toBe(sessions.getSession("b"));
    expect(sessions.getSession("a")).toBe(sessions.getSession("a"));
  });

  test("with the same token at the same address, and not with another one", () => {
    const { sessions } = createSessions({
      a: { bearerToken: "one" },
      b: { bearerToken: "one" },
      c: { bearerToken: "two" },
      d: { bearerToken: "one", id: "aaaaaaaa-0001-4000-8000-000000000001" },
    });
    expect(sessions.getSession("a")).toBe(sessions.getSession("b"));
    expect(sessions.getSession("a")).not.toBe(sessions.getSession("c"));
    expect(sessions.getSession("a")).not.toBe(sessions.getSession("d"));
  });

  test.each<[string, Partial<Entry>]>([
    ["another application key", { appKey: "app-two" }],
    ["another API key", { apiKey: "api-two" }],
    ["another address", { url: "https://api.us5.datadoghq.com" }],
    [
      "another configured id, which is checked before the first write",
      { id: "aaaaaaaa-0001-4000-8000-000000000001" },
    ],
    ["another form of authentication", { auth: "query" }],
  ])("not with %s", (_, more) => {
    const { sessions } = createSessions({ a: one, b: { ...one, ...more } });
    expect(sessions.getSession("a")).not.toBe(sessions.getSession("b"));
  });
});

test("two names with the same environment variable are an error, even if neither is configured", () => {
  const env = { DD_API_KEY__TEAM_A: "x", DD_APP_KEY__TEAM_A: "y", DD_HOST__TEAM_A: sandbox().url };
  const { sessions } = createSessions({}, env);
  sessions.getSession("team-a");
  expect(() => sessions.getSession("team.a")).toThrow("DD_API_KEY__TEAM_A");
  expect(() => sessions.getSession("team-a")).not.toThrow();
});

describe("a wait for the rate limit", () => {
  const createLimitedSessions = (seconds: string) => {
    const headers = { "X-RateLimit-Reset": seconds };
    const what = { kind: "status", status: 429, headers } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    return createSessions({ payments: { apiKey, appKey } });
  };

  test("of over two seconds is reported once, with the organization and the reason", async () => {
    const { sessions, warnings } = createLimitedSessions("2.2");
    const session = sessions.getSession("payments");
    await session.getListing();
    expect(warnings).toEqual([`organization "payments": waiting 3 s (its rate limit is exhausted).`]);
  });

  test("of less is not reported", async () => {
    const { sessions, warnings } = createLimitedSessions("0.1");
    await sessions.getSession("payments").getListing();
    expect(warnings).toEqual([]);
  });
});

test("sessions of one account keep its organizations once", async () => {
  const getKeys = (key: string) => {
    const { apiKey, appKey } = sandbox().getOrganization(key);
    return { apiKey, appKey };
  };
  const { sessions } = createSessions({ payments: getKeys("payments"), search: getKeys("search") });
  const [first, second] = await Promise.all(
    ["payments", "search"].map((name) => sessions.getSession(name).getOrganizations()),
  );
  expect(first?.callerId).not.toBe(second?.callerId);
  expect(first?.organizations.length).toBeGreaterThan(1);
  expect(second?.organizations).toBe(first?.organizations);
});
