import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../cli/src/policy/policy.js";
import { matchOrganization } from "../../../cli/src/policy/matching.js";

const parse = (policy: unknown) => () => parsePolicy(policy, "policy.json");

describe("a policy file", () => {
  it("accepts every rule", () => {
    const policy = {
      $schema: "./policy.schema.json",
      allow: [{ source: "Acme *", sink: ["Acme Observability", "hub"], types: ["logs"] }, {}],
      reason: [{ pattern: "^SEC-[0-9]+$" }],
      maxDestinations: [{ source: "payments", max: 3 }],
      protect: [{ source: ["payments"] }],
      warnOnly: ["maxDestinations"],
    };
    expect(parse(policy)()).toEqual(policy);
    expect(parse({})()).toEqual({});
  });

  it.each([
    [{ alow: [] }, "`alow` is unknown"],
    [{ alow: [], maxDestination: [] }, "`alow` is unknown; `maxDestination` is unknown. See"],
    [
      { allow: [{ from: "a", sink: 3, to: "b" }, { type: [] }] },
      "`allow.0.sink` must be a string or a list of strings; `allow.0.from` is unknown; `allow.1.type` is unknown; `allow.0.to` is unknown. See",
    ],
    [{ allow: {} }, "`allow` must be a list"],
    [{ allow: [{ from: "a" }] }, "`allow.0.from` is unknown"],
    [{ allow: [{ types: ["LOGS"] }] }, "`allow.0.types.0` must be a type in lower case, such as logs"],
    [{ allow: [{ types: [] }] }, "`allow.0.types` must not be empty"],
    [{ allow: [{ sink: 3 }] }, "`allow.0.sink` must be a string or a list of strings"],
    [{ allow: [{ sink: " " }] }, "`allow.0.sink` must not be empty"],
    [{ reason: [{ pattern: "(" }] }, "`reason.0.pattern` must be a regular expression"],
    [{ maxDestinations: [{}] }, "`maxDestinations.0.max` is missing"],
    [{ maxDestinations: [{ max: "1" }] }, "`maxDestinations.0.max` must be a number"],
    [{ maxDestinations: [3] }, "`maxDestinations.0` must be an object"],
    [{ maxDestinations: [{ max: -1 }] }, "`maxDestinations.0.max` must not be negative"],
    [{ maxDestinations: [{ max: 1.5 }] }, "`maxDestinations.0.max` must be a whole number"],
    [{ warnOnly: ["pairs"] }, "`warnOnly.0` must be one of allow, reason, maxDestinations, protect"],
    [{ allow: [{ sink: "hub" }, []] }, "`allow.1` must be an object"],
    [[], "it must be an object of rules"],
    ["text", "it must be an object of rules"],
  ])("%j is refused, with the place", (policy, message) => {
    expect(parse(policy)).toThrow(`policy.json is not a policy: ${message}`);
  });
});

describe("names in a policy", () => {
  const payments = { id: "aaaaaaaa-0003-4000-8000-000000000003", name: "Acme Payments", alias: "payments" };

  it.each([
    ["AAAAAAAA-0003-4000-8000-000000000003", true],
    ["acme payments", true],
    ["payments", true],
    ["pay*", true],
    ["A*e*Pay*ts", true],
    ["*Acme Payments*", true],
    ["Acme Pay*Payments", false],
    ["aaaaaaaa-*", false],
    ["Acme *", true],
    ["*", true],
    ["Acme", false],
    ["Acme Pay.ents", false],
    ["*search", false],
    ["aaaaaaaa-0001-4000-8000-000000000001", false],
  ])("%s of Acme Payments: %s", (pattern, expected) => {
    expect(matchOrganization(pattern, payments, "source")).toBe(expected);
    expect(matchOrganization(["another", pattern], payments, "source")).toBe(expected);
  });

  it.each(["team-01", "TEAM_01", "Team.01", "team_*", "*.01"])(
    "%s applies to a source in any spelling that selects the same credentials",
    (pattern) => {
      for (const alias of ["team-01", "TEAM_01", "team.01"])
        expect(matchOrganization(pattern, { name: "Acme", alias }, "source")).toBe(true);
      expect(matchOrganization(pattern, { name: "Acme", alias: "team-02-x" }, "source")).toBe(
        pattern === "team_*",
      );
    },
  );

  it("a name in the configuration counts only for a source that has this name in the program", () => {
    expect(matchOrganization("payments", payments, "sink")).toBeUndefined();
    expect(matchOrganization("payments", { ...payments, isAliasById: true }, "source")).toBeUndefined();
    const alias = payments.id;
    expect(matchOrganization("aaaaaaaa-*", { alias, name: "Acme" }, "source")).toBe(false);
  });

  it("match is unknown for another name of the UUID in the configuration", () => {
    const both = { ...payments, otherAliases: ["pay", "aaaaaaaa-0001-4000-8000-000000000001"] };
    for (const end of ["source", "sink"] as const) {
      expect(matchOrganization("pay", both, end)).toBeUndefined();
      expect(matchOrganization("other", both, end)).toBe(false);
      expect(matchOrganization("aaaaaaaa-0001-*", both, end)).toBe(false);
    }
    expect(matchOrganization("payments", both, "source")).toBe(true);
  });

  it("a name with the layout of a UUID does not count", () => {
    const name = "aaaaaaaa-0001-4000-8000-000000000001";
    expect(matchOrganization("aaaaaaaa-*", { ...payments, name }, "sink")).toBeUndefined();
    expect(matchOrganization(name, { ...payments, name }, "sink")).toBe(false);
  });

  it("match is unknown if the name or the UUID is unknown", () => {
    expect(matchOrganization("Acme Payments", { id: payments.id }, "sink")).toBeUndefined();
    expect(
      matchOrganization("Acme Payments", { id: payments.id, alias: "payments" }, "source"),
    ).toBeUndefined();
    expect(matchOrganization(payments.id, { alias: "payments" }, "source")).toBeUndefined();
    expect(matchOrganization(payments.id, { name: "Acme Payments" }, "sink")).toBeUndefined();
    expect(matchOrganization(undefined, {}, "sink")).toBe(true);
    expect(matchOrganization("*", {}, "sink")).toBe(true);
  });
});
