import { describe, expect, it } from "vitest";
import { useRecorder } from "../../../core/api/harness.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { envOf } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const attacker = useRecorder();
const sandbox = useSandbox();

const PACKAGE = "datadog-org-connections";
const TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
const HIDDEN = "[secret]";
const attackerUrl = () => attacker.options().baseUrl;

/** What `pulumi preview --json` prints when the program creates one connection of each source. */
function previewOf(config: Record<string, unknown>, sources: readonly (string | undefined)[]): string {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return JSON.stringify({
    config: Object.fromEntries(texts) as unknown,
    steps: sources.map((source, at) => ({
      op: "create",
      urn: `urn:pulumi:dev::acme::${TYPE}::connection-${at}`,
      newState: {
        type: TYPE,
        inputs: { source, sinkOrgId: sandbox().organization("observability").id, connectionTypes: ["logs"] },
      },
    })),
    changeSummary: { create: sources.length },
  });
}

/** The same preview, as one event a line. */
function eventsOf(preview: string): string {
  const { config, steps } = JSON.parse(preview) as {
    config: unknown;
    steps: { op: string; urn: string; newState: unknown }[];
  };
  const events = [
    { preludeEvent: { config } },
    ...steps.map(({ op, urn, newState }) => ({ resourcePreEvent: { metadata: { op, urn, new: newState } } })),
    { summaryEvent: {} },
  ];
  return events.map((event, sequence) => JSON.stringify({ sequence, ...event })).join("\n");
}

const lookUp = (stdin: string, env: Record<string, string>) =>
  runCommand(["review", "--lookup"], { stdin, env });

/** Keys of two organizations, as a CI job has them, without an address. */
function keysOf(...names: string[]): Record<string, string> {
  const all = Object.entries(envOf(sandbox(), names));
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("DD_HOST")));
}

describe("a preview under review decides no address", () => {
  const masked = { apiKey: HIDDEN, appKey: HIDDEN };
  it.each<[string, (url: string) => Record<string, unknown>, string]>([
    [
      "the url of each organization",
      (url) => ({ [`${PACKAGE}:organizations`]: { payments: { ...masked, url }, checkout: { url } } }),
      `${PACKAGE}:organizations.payments.url`,
    ],
    ["the url of the default organization", (url) => ({ [`${PACKAGE}:url`]: url }), `${PACKAGE}:url`],
    ["the Datadog provider's address", (url) => ({ "datadog:apiUrl": url }), "datadog:apiUrl"],
  ])("%s: not one request arrives, and the report says why", async (_, config, setting) => {
    const preview = previewOf(config(attackerUrl()), ["payments", "checkout"]);
    for (const form of [preview, eventsOf(preview)]) {
      const { code, stdout, stderr } = await lookUp(form, keysOf("payments", "checkout"));
      expect(attacker.arrived).toEqual([]);
      expect(sandbox().requests).toEqual([]);
      expect([code, stderr]).toEqual([3, ""]);
      expect(stdout).toContain('Not looked up, organization "payments": ');
      expect(stdout).toContain('Not looked up, organization "checkout": ');
      // In Markdown nothing of it may become a link.
      expect(stdout.replaceAll("&#8203;", "")).toContain(setting);
      expect(stdout).toContain("Set DD\\_HOST\\_\\_PAYMENTS");
    }
  });

  it("keys that the preview brings along go nowhere either", async () => {
    const keys = { apiKey: "brought-api-key", appKey: "brought-app-key" };
    const config = {
      [`${PACKAGE}:organizations`]: { payments: { ...keys, url: attackerUrl() } },
      [`${PACKAGE}:apiKey`]: keys.apiKey,
      [`${PACKAGE}:appKey`]: keys.appKey,
      [`${PACKAGE}:url`]: attackerUrl(),
      "datadog:apiKey": keys.apiKey,
      "datadog:appKey": keys.appKey,
      "datadog:apiUrl": attackerUrl(),
    };
    const { code, stdout } = await lookUp(previewOf(config, ["payments", undefined]), {});
    expect(attacker.arrived).toEqual([]);
    expect(code).toBe(3);
    expect(stdout).toContain('Not looked up, organization "payments": ');
    expect(stdout).toContain("Not looked up, the default organization: ");
    expect(stdout).not.toContain("brought-");
  });

  it.each(["evil.example", "datadoghq.com.evil.example", "evil-datadoghq.com"])(
    "the site %s, which is none of Datadog's own, is not asked",
    async (site) => {
      const config = { [`${PACKAGE}:organizations`]: { payments: { site } }, [`${PACKAGE}:site`]: site };
      const env = { ...keysOf("payments"), DD_API_KEY: "default-api-key", DD_APP_KEY: "default-app-key" };
      const { stdout } = await lookUp(previewOf(config, ["payments", undefined]), env);
      expect(stdout).toContain(`Not looked up, organization "payments": `);
      expect(stdout).toContain(`Not looked up, the default organization: `);
      expect(stdout.match(/invalid-configuration/g)).toHaveLength(2);
    },
  );

  it("the form of authentication and the limits of calls are not the preview's to choose", async () => {
    const config = {
      [`${PACKAGE}:organizations`]: { payments: { auth: "query" } },
      [`${PACKAGE}:auth`]: "query",
      [`${PACKAGE}:tries`]: "no number",
    };
    const { stdout } = await lookUp(previewOf(config, ["payments"]), envOf(sandbox(), ["payments"]));
    expect(stdout).not.toContain("Not looked up");
    expect(new Set(sandbox().requests.map(({ auth }) => auth))).toEqual(new Set(["headers"]));
  });

  it.each(["[secret]", '{"payments":'])(
    "organizations of which it shows only %s: those with a name are not looked up",
    async (organizations) => {
      const config = { [`${PACKAGE}:organizations`]: organizations };
      const { stdout } = await lookUp(previewOf(config, ["payments"]), keysOf("payments"));
      expect(stdout).toContain('Not looked up, organization "payments": ');
      expect(stdout).toContain("--stack");
    },
  );
});

describe("what a look-up still takes", () => {
  it("an address of the environment, beside its keys, whatever site the preview names", async () => {
    const config = { [`${PACKAGE}:organizations`]: { payments: { apiKey: HIDDEN, site: "datadoghq.eu" } } };
    const env = { ...keysOf("payments"), DD_HOST__PAYMENTS: sandbox().url };
    const { code, stdout } = await lookUp(previewOf(config, ["payments"]), env);
    expect(code).toBe(3);
    expect(stdout).toContain("**Acme Payments → Acme Observability** begins to share");
    expect(stdout).not.toContain("Not looked up");
  });

  it("DD_HOST of the environment wins over a site in the preview", async () => {
    const config = { [`${PACKAGE}:organizations`]: { payments: { site: "datadoghq.eu" } } };
    const { stdout } = await lookUp(previewOf(config, ["payments"]), {
      ...keysOf("payments"),
      DD_HOST: sandbox().url,
    });
    expect(stdout).toContain("**Acme Payments → Acme Observability** begins to share");
  });
});
