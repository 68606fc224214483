import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../cli/src/policy/policy.js";
import { means } from "../../../cli/src/policy/matching.js";

const parse = (policy: unknown) => () => parsePolicy(policy, "policy.json");

describe("a policy file", () => {
  it("takes every rule", () => {
    const policy = {
      $schema: "./policy.schema.json",
      allow: [{ source: "Acme *", sink: ["Acme Observability", "hub"], types: ["logs"] }, {}],
      reason: [{ pattern: "^SEC-[0-9]+$" }],
      sinks: [{ source: "payments", most: 3 }],
      protect: [{ source: ["payments"] }],
      warnOnly: ["sinks"],
    };
    expect(parse(policy)()).toEqual(policy);
    expect(parse({})()).toEqual({});
  });

  it.each([
    [{ alow: [] }, "`alow` is not known here"],
    [{ allow: {} }, "`allow` must be a list"],
    [{ allow: [{ from: "a" }] }, "`allow.0.from` is not known here"],
    [{ allow: [{ types: ["LOGS"] }] }, "`allow.0.types.0` must be a type in lower case, such as logs"],
    [{ allow: [{ types: [] }] }, "`allow.0.types` must not be empty"],
    [{ allow: [{ sink: 3 }] }, "`allow.0.sink` must be a text or a list of texts"],
    [{ allow: [{ sink: " " }] }, "`allow.0.sink` must not be empty"],
    [{ reason: [{ pattern: "(" }] }, "`reason.0.pattern` must be a regular expression"],
    [{ sinks: [{}] }, "`sinks.0.most` is missing"],
    [{ sinks: [{ most: "1" }] }, "`sinks.0.most` must be a number"],
    [{ sinks: [3] }, "`sinks.0` must be an object"],
    [{ sinks: [{ most: -1 }] }, "`sinks.0.most` must not be negative"],
    [{ sinks: [{ most: 1.5 }] }, "`sinks.0.most` must be a whole number"],
    [{ warnOnly: ["pairs"] }, "`warnOnly.0` must be one of allow, reason, sinks, protect"],
    [[], "it must be an object of rules"],
    ["text", "it must be an object of rules"],
  ])("%j is refused, with the place", (policy, message) => {
    expect(parse(policy)).toThrow(`policy.json is no policy: ${message}`);
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
    expect(means(pattern, payments, "source")).toBe(expected);
    expect(means(["nobody", pattern], payments, "source")).toBe(expected);
  });

  it("a name in the configuration counts for a source that the program calls so, and for nothing else", () => {
    expect(means("payments", payments, "sink")).toBeUndefined();
    expect(means("payments", { ...payments, isAliasById: true }, "source")).toBeUndefined();
    const alias = payments.id;
    expect(means("aaaaaaaa-*", { alias, name: "Acme" }, "source")).toBe(false);
  });

  it("a name with the layout of a UUID counts for nothing", () => {
    const name = "aaaaaaaa-0001-4000-8000-000000000001";
    expect(means("aaaaaaaa-*", { ...payments, name }, "sink")).toBeUndefined();
    expect(means(name, { ...payments, name }, "sink")).toBe(false);
  });

  it("are not told where the name, or the UUID, is not known", () => {
    expect(means("Acme Payments", { id: payments.id }, "sink")).toBeUndefined();
    expect(means("Acme Payments", { id: payments.id, alias: "payments" }, "source")).toBeUndefined();
    expect(means(payments.id, { alias: "payments" }, "source")).toBeUndefined();
    expect(means(payments.id, { name: "Acme Payments" }, "sink")).toBeUndefined();
    expect(means(undefined, {}, "sink")).toBe(true);
    expect(means("*", {}, "sink")).toBe(true);
  });
});
