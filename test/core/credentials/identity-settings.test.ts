/** The settings of a workload identity in the stack's configuration: their values, and what is refused. */
import { describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import {
  readDefaultOrganization,
  readNamedOrganizations,
  requireValidSettings,
} from "../../../core/src/credentials/settings.js";
import { ORGANIZATIONS, PACKAGE } from "./harness.js";

const SECRET = "a-key-that-must-stay-secret";

const createReader = (config: Record<string, string>) => (key: string) => config[key];
/** The same settings for a named organization, where they are an object, and for the default one, where they are JSON. */
const createConfig = (identity: unknown): Record<string, string> => ({
  [`${PACKAGE}:identity`]: JSON.stringify(identity),
  [ORGANIZATIONS]: JSON.stringify({ payments: { identity } }),
});
const withoutKey = (config: Record<string, string>, key: string) =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));

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

describe("a valid identity has its type and options, of a named organization and of the default one", () => {
  test.each([
    [{ type: "aws" }],
    [{ type: "aws", region: "us-east-1" }],
    [{ type: "aws", region: "us-gov-west-1" }],
    [{ type: "aws", region: "ap-southeast-2" }],
    [{ type: "azure" }],
    [{ type: "azure", scope: "api://4dee724d-0000-4000-8000-00d4f1a2b3c4/.default" }],
    [{ type: "gcp" }],
    [{ type: "gcp", serviceAccount: "ci-runner@acme-prod.iam.gserviceaccount.com" }],
    [{ type: "github" }],
    [{ type: "hcp" }],
    [{ type: "hcp", tag: "DATADOG_PROD" }],
    [{ type: "oidc" }],
    [{ type: "oidc", tokenFile: "/var/run/secrets/tokens/datadog" }],
    [{ type: "oidc", tokenVariable: "DATADOG_ID_TOKEN" }],
  ])("%j", (identity) => {
    const config = createConfig(identity);
    expect(findRefusal(config)).toBe("");
    expect(readDefaultOrganization(createReader(config)).identity).toEqual(identity);
    expect(readNamedOrganizations(createReader(config)).get("payments")?.identity).toEqual(identity);
  });
});

describe("an invalid identity is an error with the path, but not with the value", () => {
  const types = "it must be one of aws, azure, gcp, github, hcp, oidc";

  test.each<[unknown, string, string]>([
    [{ type: SECRET }, "type", types],
    [{ type: "AWS", region: SECRET }, "type", types],
    [{}, "type", types],
    [[SECRET], "type", types],
    [{ type: "aws", region: SECRET }, "region", "it must be an AWS region such as us-east-1"],
    [{ type: "aws", region: "evil.example/us-east-1" }, "region", "it must be an AWS region"],
    [{ type: "aws", region: "us-east-1.evil.example" }, "region", "it must be an AWS region"],
    [{ type: "aws", region: "us-east-1\n" }, "region", "it must be an AWS region"],
    [{ type: "aws", region: "" }, "region", "it must be an AWS region"],
    [{ type: "azure", scope: `${SECRET} x` }, "scope", "it must be a scope"],
    [{ type: "gcp", serviceAccount: SECRET }, "serviceAccount", "it must be the email address"],
    [{ type: "gcp", serviceAccount: `a@b/${SECRET}` }, "serviceAccount", "it must be the email address"],
    [
      { type: "hcp", tag: `X=${SECRET}` },
      "tag",
      "it must be the suffix of a variable TFC_WORKLOAD_IDENTITY_TOKEN_",
    ],
    [{ type: "hcp", tag: 1 }, "tag", "it must be the suffix of a variable TFC_WORKLOAD_IDENTITY_TOKEN_"],
    [{ type: "oidc", tokenFile: "" }, "tokenFile", "it must be the path of a file"],
    [{ type: "oidc", tokenFile: `${SECRET}\0` }, "tokenFile", "it must be the path of a file"],
    [
      { type: "oidc", tokenVariable: `$${SECRET}` },
      "tokenVariable",
      "it must be the name of an environment variable",
    ],
    [
      { type: "oidc", tokenVariable: "1X" },
      "tokenVariable",
      "it must be the name of an environment variable",
    ],
    // The command comes from the environment only: a file under review must not run programs.
    [{ type: "oidc", tokenCommand: SECRET }, "tokenCommand", "it is not a setting of this type of identity"],
    [{ type: "github", region: SECRET }, "region", "it is not a setting of this type of identity"],
    [{ type: "github", apiKey: SECRET }, "apiKey", "it is not a setting of this type of identity"],
  ])("%j", (identity, path, problem) => {
    const config = createConfig(identity);
    const ofDefault = findRefusal(withoutKey(config, ORGANIZATIONS));
    expect(ofDefault).toContain(`\`${PACKAGE}:identity\` is invalid at \`${path}\`: ${problem}`);
    expect(ofDefault).toContain(`pulumi config set --path '${PACKAGE}:identity.type' TYPE`);
    const ofName = findRefusal(withoutKey(config, `${PACKAGE}:identity`));
    expect(ofName).toContain(`\`${ORGANIZATIONS}\` is invalid at \`payments.identity.${path}\`: ${problem}`);
    for (const message of [ofDefault, ofName]) expect(message).not.toContain(SECRET);
  });

  test.each([["github"], [SECRET], [null], [1]])("%j in the place of an object", (identity) => {
    const config = createConfig(identity);
    const problem =
      'must be an object such as {"type":"github"}; the types are aws, azure, gcp, github, hcp, oidc';
    const ofDefault = findRefusal(withoutKey(config, ORGANIZATIONS));
    expect(ofDefault).toContain(`\`${PACKAGE}:identity\` ${problem}`);
    const ofName = findRefusal(withoutKey(config, `${PACKAGE}:identity`));
    expect(ofName).toContain(`is invalid at \`payments.identity\`: it ${problem}`);
    for (const message of [ofDefault, ofName]) expect(message).not.toContain(SECRET);
  });

  test("a type without an object, as `pulumi config set` without --path sets it", () => {
    expect(findRefusal({ [`${PACKAGE}:identity`]: "github" })).toContain("must be an object");
  });

  test("a file and a variable together, of which one would be ignored", () => {
    const config = createConfig({ type: "oidc", tokenFile: "/token", tokenVariable: "TOKEN" });
    const problem = "has both tokenFile and tokenVariable; set only one of them";
    expect(findRefusal(withoutKey(config, ORGANIZATIONS))).toContain(`\`${PACKAGE}:identity\` ${problem}`);
    expect(findRefusal(withoutKey(config, `${PACKAGE}:identity`))).toContain(
      `\`payments.identity\`: it ${problem}`,
    );
  });
});

describe("a path of an identity that was set without --path", () => {
  test.each([
    ["identity.type", "identity.type"],
    ["identity.tokenFile", "identity.tokenFile"],
    ["organizations.payments.identity.type", "organizations.payments.identity.type"],
    ['organizations["team.a"].identity.region', 'organizations["team.a"].identity.region'],
    ["organizations.team.a.identity.region", 'organizations["team.a"].identity.region'],
  ])("%s: the error has the commands that remove it and set it again", (name, expected) => {
    const message = findRefusal({ [`${PACKAGE}:${name}`]: SECRET });
    expect(message).toContain(`\`${PACKAGE}:${name}\`, set without --path`);
    expect(message).toContain(
      `pulumi config rm '${PACKAGE}:${name}'; pulumi config set --path '${PACKAGE}:${expected}' [`,
    );
    expect(message).not.toContain(SECRET);
  });

  test("of an organization called identity is not mistaken for an identity", () => {
    for (const name of ["identity", "a.identity"]) {
      const message = findRefusal({ [`${ORGANIZATIONS}.${name}.apiKey`]: SECRET });
      expect(message).toContain("pulumi config set --secret --path ");
    }
  });

  test.each([
    "identity.apiKey",
    "identity.x",
    "organizations.payments.identity.x",
    'organizations["team.a"].identity.apiKey',
  ])("%s, which does not exist, is only an unknown setting", (name) => {
    expect(findRefusal({ [`${PACKAGE}:${name}`]: "x" })).toContain("is not a setting");
  });
});
