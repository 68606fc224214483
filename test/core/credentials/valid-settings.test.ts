import { describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { readCheckMode, requireValidSettings } from "../../../core/src/credentials/settings.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const SECRET = "a-key-that-must-stay-secret";

/** Returns the message of the refusal of this configuration, or an empty string. */
function findRefusal(config: Record<string, string>): string {
  try {
    requireValidSettings(new Map(Object.entries(config)));
    return "";
  } catch (error) {
    if (!isOrgConnectionsError(error, "invalid-configuration")) throw error;
    return error.message;
  }
}

describe("a valid configuration passes", () => {
  test.each<[string, Record<string, string>]>([
    ["nothing", {}],
    [
      "every setting",
      {
        [`${PACKAGE}:apiKey`]: "a",
        [`${PACKAGE}:appKey`]: "b",
        [`${PACKAGE}:identity`]: '{"type":"github"}',
        [`${PACKAGE}:site`]: "datadoghq.eu",
        [`${PACKAGE}:url`]: "https://api.datadoghq.eu",
        [`${PACKAGE}:id`]: "aaaaaaaa-0001-4000-8000-000000000001",
        [`${PACKAGE}:auth`]: "query",
        [`${PACKAGE}:checks`]: "offline",
        [`${PACKAGE}:maxAttempts`]: "2",
        [`${PACKAGE}:requestTimeoutSeconds`]: "5",
        [`${PACKAGE}:callTimeoutSeconds`]: "10",
        [`${PACKAGE}:maxConcurrent`]: "4",
        [ORGANIZATIONS]: JSON.stringify({ "team.a": { apiKey: "a", appKey: "b" } }),
      },
    ],
    [
      "settings of other namespaces",
      { "datadog:checks": "x", "acme:check": "x", [`${PACKAGE}-other:check`]: "x", checks: "x" },
    ],
  ])("%s", (_, config) => {
    expect(findRefusal(config)).toBe("");
  });
});

describe("an unknown setting is an error that lists all settings", () => {
  test.each([
    "check",
    "maxInflight",
    "apikey",
    "Checks",
    "constructor",
    "__proto__",
    "organization.payments.apiKey",
  ])("%s", (name) => {
    const message = findRefusal(Object.fromEntries([[`${PACKAGE}:${name}`, SECRET]]));
    expect(message).toContain(`\`${PACKAGE}:${name}\`, which is not a setting`);
    expect(message).toContain(
      "apiKey, appKey, bearerToken, identity, site, url, id, auth, organizations, checks, maxAttempts, ",
    );
    expect(message).toContain(`pulumi config rm '${PACKAGE}:${name}'`);
    expect(message).not.toContain(SECRET);
  });

  test("several are one error", () => {
    const message = findRefusal({ [`${PACKAGE}:check`]: "x", [`${PACKAGE}:maxInflight`]: "3" });
    expect(message).toContain(`\`${PACKAGE}:check\`, \`${PACKAGE}:maxInflight\`, which are not settings`);
    expect(message).toContain(
      `pulumi config rm '${PACKAGE}:check'; pulumi config rm '${PACKAGE}:maxInflight'`,
    );
  });
});

describe("an invalid value is an error", () => {
  test.each([
    ["checks", "sometimes", 'must be "online" or "offline"'],
    ["checks", "", 'must be "online" or "offline"'],
    ["maxConcurrent", "many", "must be an integer from 1 to 256"],
    ["id", "x", "must be a UUID"],
    ["auth", "cookie", 'must be "headers" or "query"'],
  ])("%s: %j", (name, value, problem) => {
    expect(findRefusal({ [`${PACKAGE}:${name}`]: value })).toContain(`\`${PACKAGE}:${name}\` ${problem}`);
  });

  test("several are one error", () => {
    const message = findRefusal({ [`${PACKAGE}:checks`]: "sometimes", [`${PACKAGE}:maxAttempts`]: "0" });
    expect(message).toContain(
      `\`${PACKAGE}:checks\` must be "online" or "offline"; \`${PACKAGE}:maxAttempts\` must be an integer`,
    );
  });

  test("also for the provider, which reads the settings one by one", () => {
    expect(() => readCheckMode(() => "sometimes")).toThrow('must be "online" or "offline"');
    expect(readCheckMode(() => undefined)).toBe("online");
  });
});

describe("a path that was set without --path", () => {
  test.each([
    ["organizations.payments.apiKey", "set --secret --path", "organizations.payments.apiKey"],
    ["organizations.payments-prod.site", "set --path", "organizations.payments-prod.site"],
    ['organizations["team.a"].appKey', "set --secret --path", 'organizations["team.a"].appKey'],
    ["organizations.team.a.appKey", "set --secret --path", 'organizations["team.a"].appKey'],
    ['organizations["payments"].id', "set --path", "organizations.payments.id"],
    [String.raw`organizations["a \"b\""].id`, "set --path", String.raw`organizations["a \"b\""].id`],
  ])("%s: the error has the commands that remove it and set it again", (name, set, expected) => {
    const message = findRefusal({ [`${PACKAGE}:${name}`]: SECRET });
    expect(message).toContain(`\`${PACKAGE}:${name}\`, set without --path`);
    expect(message).toContain(
      `pulumi config rm '${PACKAGE}:${name}'; pulumi config ${set} '${PACKAGE}:${expected}' [`,
    );
    expect(message).not.toContain(SECRET);
  });

  test("several are one error, also next to organizations that are set correctly", () => {
    const message = findRefusal({
      [ORGANIZATIONS]: JSON.stringify({ payments: { site: "datadoghq.eu" } }),
      [`${ORGANIZATIONS}.payments.apiKey`]: "x",
      [`${ORGANIZATIONS}.payments.appKey`]: "x",
    });
    expect(message.match(/pulumi config rm/g)).toHaveLength(2);
    expect(message.match(/pulumi config set --secret --path/g)).toHaveLength(2);
  });

  test("a setting that does not exist is only an unknown setting", () => {
    expect(findRefusal({ [`${ORGANIZATIONS}.payments.apikey`]: "x" })).toContain("is not a setting");
  });
});

describe("a name with dots that was set without brackets", () => {
  test.each([
    [{ team: { a: { apiKey: SECRET } } }, "team.a", "organizations.team.a"],
    [{ team: { a: { b: { apiKey: SECRET } }, site: "datadoghq.eu" } }, "team.a.b", "organizations.team.a.b"],
  ])("%j: the error has the name in brackets", (organizations, name, entry) => {
    const message = findRefusal({ [ORGANIZATIONS]: JSON.stringify(organizations) });
    expect(message).toContain("is invalid at `team.a`");
    expect(message).toContain(`pulumi config rm --path '${PACKAGE}:${entry}'`);
    expect(message).toContain(`pulumi config set --secret --path '${ORGANIZATIONS}["${name}"].apiKey'`);
    expect(message).not.toContain(SECRET);
  });
});
