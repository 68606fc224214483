import { describe, expect, test } from "vitest";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../../core/src/credentials/settings.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();
type Entry = { apiKey: string; appKey: string; id?: string; url?: string; auth?: string };

function sessionsOf(organizations: Record<string, Entry>, env: Record<string, string> = {}) {
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
  test("when they lead to the same keys at the same address", () => {
    const { sessions } = sessionsOf({ a: one, b: { ...one } });
    expect(sessions.for("a")).toBe(sessions.for("b"));
    expect(sessions.for("a")).toBe(sessions.for("a"));
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
    const { sessions } = sessionsOf({ a: one, b: { ...one, ...more } });
    expect(sessions.for("a")).not.toBe(sessions.for("b"));
  });
});

test("two names of the program that lead to one variable are an error, though neither is configured", () => {
  const env = { DD_API_KEY__TEAM_A: "x", DD_APP_KEY__TEAM_A: "y", DD_HOST__TEAM_A: sandbox().url };
  const { sessions } = sessionsOf({}, env);
  sessions.for("team-a");
  expect(() => sessions.for("team.a")).toThrow("DD_API_KEY__TEAM_A");
  expect(() => sessions.for("team-a")).not.toThrow();
});

describe("a wait for the rate limit", () => {
  const refused = (seconds: string) => {
    const headers = { "X-RateLimit-Reset": seconds };
    const what = { kind: "status", status: 429, headers } as const;
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what });
    const { apiKey, appKey } = sandbox().organization("payments");
    return sessionsOf({ payments: { apiKey, appKey } });
  };

  test("of over two seconds is told once, with the organization and the reason, whoever waits", async () => {
    const { sessions, warnings } = refused("2.2");
    const session = sessions.for("payments");
    await session.listing();
    expect(warnings).toEqual([`organization "payments": waiting 3 s (its rate limit is used up).`]);
  });

  test("of less is not told", async () => {
    const { sessions, warnings } = refused("0.1");
    await sessions.for("payments").listing();
    expect(warnings).toEqual([]);
  });
});
