import { describe, expect, it } from "vitest";
import { useRecorder } from "../../../core/api/harness.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { formatEvents } from "../../changes/steps.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const attacker = useRecorder();
const sandbox = useSandbox();

const PACKAGE = "datadog-org-connections";
const TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
const HIDDEN = "[secret]";
const getAttackerUrl = () => attacker.options().baseUrl;

/** The output of `pulumi preview --json` for a program that creates one connection from each source. */
function createPreview(config: Record<string, unknown>, sources: readonly (string | undefined)[]): string {
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return JSON.stringify({
    config: Object.fromEntries(entries) as unknown,
    steps: sources.map((source, at) => ({
      op: "create",
      urn: `urn:pulumi:dev::acme::${TYPE}::connection-${at}`,
      newState: {
        type: TYPE,
        inputs: {
          source,
          sinkOrgId: sandbox().getOrganization("observability").id,
          connectionTypes: ["logs"],
        },
      },
    })),
    changeSummary: { create: sources.length },
  });
}

/** The same preview as events, one on each line. */
function toEvents(preview: string): string {
  const { config, steps } = JSON.parse(preview) as {
    config: unknown;
    steps: { op: string; urn: string; newState: unknown }[];
  };
  return formatEvents([
    { preludeEvent: { config } },
    ...steps.map(({ op, urn, newState }) => ({ resourcePreEvent: { metadata: { op, urn, new: newState } } })),
  ]);
}

const runLookup = (stdin: string, env: Record<string, string>) =>
  runCommand(["review", "--lookup"], { stdin, env });

/** The credentials of organizations, as a CI job has them, without an address. */
function getKeys(...names: string[]): Record<string, string> {
  const all = Object.entries(createEnv(sandbox(), names));
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("DD_HOST")));
}

describe("a preview under review does not choose addresses", () => {
  const masked = { apiKey: HIDDEN, appKey: HIDDEN };
  it.each<[string, (url: string) => Record<string, unknown>, string]>([
    [
      "the url of each organization",
      (url) => ({ [`${PACKAGE}:organizations`]: { payments: { ...masked, url }, checkout: { url } } }),
      `${PACKAGE}:organizations.payments.url`,
    ],
    ["the url of the default organization", (url) => ({ [`${PACKAGE}:url`]: url }), `${PACKAGE}:url`],
    ["the Datadog provider's address", (url) => ({ "datadog:apiUrl": url }), "datadog:apiUrl"],
  ])("%s: no request is sent, and the report says why", async (_, config, setting) => {
    const preview = createPreview(config(getAttackerUrl()), ["payments", "checkout"]);
    for (const form of [preview, toEvents(preview)]) {
      const { code, stdout, stderr } = await runLookup(form, getKeys("payments", "checkout"));
      expect(attacker.arrived).toEqual([]);
      expect(sandbox().requests).toEqual([]);
      // Without a state, only the events show whether there are leftovers.
      expect([code, stderr]).toEqual([form === preview ? 7 : 3, ""]);
      expect(stdout).toContain('The lookup failed for organization "payments": ');
      expect(stdout).toContain('The lookup failed for organization "checkout": ');
      // No part of it may become a link in Markdown.
      expect(stdout.replaceAll("&#8203;", "")).toContain(setting);
      expect(stdout).toContain("Set DD\\_HOST\\_\\_PAYMENTS");
    }
  });

  it("credentials in the preview are not sent anywhere either", async () => {
    const keys = { apiKey: "brought-api-key", appKey: "brought-app-key" };
    const config = {
      [`${PACKAGE}:organizations`]: { payments: { ...keys, url: getAttackerUrl() } },
      [`${PACKAGE}:apiKey`]: keys.apiKey,
      [`${PACKAGE}:appKey`]: keys.appKey,
      [`${PACKAGE}:url`]: getAttackerUrl(),
      "datadog:apiKey": keys.apiKey,
      "datadog:appKey": keys.appKey,
      "datadog:apiUrl": getAttackerUrl(),
    };
    const { code, stdout } = await runLookup(createPreview(config, ["payments", undefined]), {});
    expect(attacker.arrived).toEqual([]);
    expect(code).toBe(7);
    expect(stdout).toContain('The lookup failed for organization "payments": ');
    expect(stdout).toContain("The lookup failed for the default organization: ");
    expect(stdout).not.toContain("brought-");
  });

  it.each(["evil.example", "datadoghq.com.evil.example", "evil-datadoghq.com"])(
    "no request is sent to the site %s, which is not a site of Datadog",
    async (site) => {
      const config = { [`${PACKAGE}:organizations`]: { payments: { site } }, [`${PACKAGE}:site`]: site };
      const env = { ...getKeys("payments"), DD_API_KEY: "default-api-key", DD_APP_KEY: "default-app-key" };
      const { stdout } = await runLookup(createPreview(config, ["payments", undefined]), env);
      expect(stdout).toContain(`The lookup failed for organization "payments": `);
      expect(stdout).toContain(`The lookup failed for the default organization: `);
      expect(stdout.match(/invalid-configuration/g)).toHaveLength(2);
    },
  );

  it("the preview does not choose the form of authentication or the limits of requests", async () => {
    const config = {
      [`${PACKAGE}:organizations`]: { payments: { auth: "query" } },
      [`${PACKAGE}:auth`]: "query",
      [`${PACKAGE}:maxAttempts`]: "not a number",
    };
    const { stdout } = await runLookup(
      createPreview(config, ["payments"]),
      createEnv(sandbox(), ["payments"]),
    );
    expect(stdout).not.toContain("The lookup failed");
    expect(new Set(sandbox().requests.map(({ auth }) => auth))).toEqual(new Set(["headers"]));
  });

  it.each(["[secret]", '{"payments":'])(
    "if it shows only %s for the organizations, the lookup fails for named organizations",
    async (organizations) => {
      const config = { [`${PACKAGE}:organizations`]: organizations };
      const { stdout } = await runLookup(createPreview(config, ["payments"]), getKeys("payments"));
      expect(stdout).toContain('The lookup failed for organization "payments": ');
      expect(stdout).toContain("--stack");
    },
  );
});

describe("what a lookup uses", () => {
  it("the address in the environment, with the credentials there, whatever site the preview names", async () => {
    const config = { [`${PACKAGE}:organizations`]: { payments: { apiKey: HIDDEN, site: "datadoghq.eu" } } };
    const env = { ...getKeys("payments"), DD_HOST__PAYMENTS: sandbox().url };
    const { code, stdout } = await runLookup(createPreview(config, ["payments"]), env);
    expect(code).toBe(7);
    expect(stdout).toContain("**Acme Payments → Acme Observability** starts sharing");
    expect(stdout).not.toContain("The lookup failed");
  });

  it("DD_HOST in the environment takes precedence over a site in the preview", async () => {
    const config = { [`${PACKAGE}:organizations`]: { payments: { site: "datadoghq.eu" } } };
    const { stdout } = await runLookup(createPreview(config, ["payments"]), {
      ...getKeys("payments"),
      DD_HOST: sandbox().url,
    });
    expect(stdout).toContain("**Acme Payments → Acme Observability** starts sharing");
  });
});
