import { describe, expect, test } from "vitest";
import {
  parseBaseUrl,
  isDatadogSite,
  isDatadogUrl,
  KNOWN_SITES,
  toSiteUrl,
} from "../../../core/src/credentials/base-url.js";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { ORGANIZATIONS, PACKAGE, catchRefusal, resolveKeys } from "./harness.js";

const keys = { DD_API_KEY: "a", DD_APP_KEY: "b" };
const resolveDefaultUrl = (env: Record<string, string>, config: Record<string, string> = {}) =>
  resolveKeys(undefined, { env: { ...keys, ...env }, config }).baseUrl;
const resolvePaymentsUrl = (
  own: Record<string, string>,
  env: Record<string, string> = {},
  config: Record<string, string> = {},
) =>
  resolveKeys("payments", {
    env,
    config: { [ORGANIZATIONS]: { payments: { apiKey: "a", appKey: "b", ...own } }, ...config },
  }).baseUrl;

describe("the default organization's address", () => {
  test("is that of datadoghq.com by default", () => {
    expect(resolveDefaultUrl({})).toBe("https://api.datadoghq.com");
  });

  test("comes from the first of these that is set", () => {
    const env: Record<string, string> = {
      DD_SITE: "datadoghq.eu",
      DATADOG_HOST: "https://api.us3.datadoghq.com",
    };
    const config: Record<string, string> = {};
    const steps: [() => void, string][] = [
      [() => undefined, "https://api.us3.datadoghq.com"],
      [() => (env["DD_HOST"] = "https://api.us5.datadoghq.com"), "https://api.us5.datadoghq.com"],
      [() => (config["datadog:apiUrl"] = "https://api.ap1.datadoghq.com/"), "https://api.ap1.datadoghq.com"],
      [() => (config[`${PACKAGE}:site`] = "ap2.datadoghq.com"), "https://api.ap2.datadoghq.com"],
      [() => (config[`${PACKAGE}:url`] = "https://api.datadoghq.eu"), "https://api.datadoghq.eu"],
      [() => (env["DD_SITE__DEFAULT"] = "uk1.datadoghq.com"), "https://api.uk1.datadoghq.com"],
      [() => (env["DD_HOST__DEFAULT"] = "https://other.example.com"), "https://other.example.com"],
    ];
    for (const [add, url] of steps) {
      add();
      expect(resolveDefaultUrl(env, config)).toBe(url);
    }
  });

  test("may come from another level than the keys", () => {
    expect(resolveDefaultUrl({ DD_SITE__DEFAULT: "datadoghq.eu" })).toBe("https://api.datadoghq.eu");
  });
});

describe("a named organization's address", () => {
  test("is its own site or url", () => {
    expect(resolvePaymentsUrl({ site: "us5.datadoghq.com" })).toBe("https://api.us5.datadoghq.com");
    expect(resolvePaymentsUrl({ url: "https://proxy.example.com/" })).toBe("https://proxy.example.com");
  });

  test("comes from its environment before its configuration", () => {
    expect(resolvePaymentsUrl({ site: "us5.datadoghq.com" }, { DD_SITE__PAYMENTS: "datadoghq.eu" })).toBe(
      "https://api.datadoghq.eu",
    );
    expect(
      resolvePaymentsUrl(
        { site: "us5.datadoghq.com" },
        { DD_HOST__PAYMENTS: "https://api.us3.datadoghq.com" },
      ),
    ).toBe("https://api.us3.datadoghq.com");
  });

  test("falls back to the default's, because connected organizations share a site", () => {
    expect(resolvePaymentsUrl({}, { DD_SITE: "datadoghq.eu" })).toBe("https://api.datadoghq.eu");
    expect(resolvePaymentsUrl({}, {}, { [`${PACKAGE}:site`]: "ap1.datadoghq.com" })).toBe(
      "https://api.ap1.datadoghq.com",
    );
    expect(resolvePaymentsUrl({}, { DD_SITE__DEFAULT: "us3.datadoghq.com", DD_SITE: "datadoghq.eu" })).toBe(
      "https://api.us3.datadoghq.com",
    );
    expect(resolvePaymentsUrl({})).toBe("https://api.datadoghq.com");
  });
});

describe("a site", () => {
  test.each([
    ...KNOWN_SITES,
    " DatadogHQ.eu\n",
    "api.datadoghq.com",
    "xy9.datadoghq.com",
    "a.b.ddog-gov.com",
  ])("%j belongs to Datadog", (site) => {
    expect(isDatadogSite(site)).toBe(true);
  });

  test.each([
    "datadoghq.org",
    "evil-datadoghq.com",
    "datadoghq.com.evil.example",
    "datadoghq.com/.evil.example",
    "evil.example#.datadoghq.com",
    "evil.example/datadoghq.com",
    "a@datadoghq.com",
    "datadoghq_com",
    "evil.example\ndatadoghq.com",
    "datadoghq.com:443",
    ".datadoghq.com",
    "datadoghq.com.",
    "",
  ])("%j does not belong to Datadog", (site) => {
    expect(isDatadogSite(site)).toBe(false);
  });

  test.each([
    ["datadoghq.com", "https://api.datadoghq.com"],
    [" US5.DatadogHQ.com ", "https://api.us5.datadoghq.com"],
    ["app.datadoghq.eu", "https://api.datadoghq.eu"],
    ["api.datadoghq.eu", "https://api.datadoghq.eu"],
    ["us2.ddog-gov.com", "https://api.us2.ddog-gov.com"],
    ["xy9.datadoghq.example", "https://api.xy9.datadoghq.example"],
  ])("%j is %s", (site, url) => {
    expect(toSiteUrl(site, "DD_SITE")).toBe(url);
  });

  test.each([
    "https://api.datadoghq.com",
    "datadoghq",
    "datadoghq.com/path",
    "data doghq.com",
    "x@y.com",
    "a..b",
  ])("%j is an error that names the setting", (site) => {
    const error = catchRefusal(undefined, { env: { ...keys, DD_SITE: site } });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toMatch(/^The value of DD_SITE is not a valid site name/);
  });
});

describe("an address", () => {
  test.each([
    "https://api.datadoghq.com",
    " https://API.us5.DatadogHQ.com/ ",
    "https://api.us2.ddog-gov.com:443",
  ])("%j is an address of Datadog's API", (url) => {
    expect(isDatadogUrl(url)).toBe(true);
  });

  test.each([
    "http://api.datadoghq.com",
    "https://datadoghq.com",
    "https://app.datadoghq.com",
    "https://api.datadoghq.com:8443",
    "https://api.datadoghq.com/path",
    "https://api.datadoghq.com/?to=evil.example",
    "https://api.datadoghq.com/#x",
    "https://user@api.datadoghq.com",
    "https://user:password@api.datadoghq.com",
    "https://api.datadoghq.com@evil.example",
    "https://api.datadoghq.com.evil.example",
    "https://evil.example/api.datadoghq.com",
    "https://evil.example\\\\.datadoghq.com",
    "https://api.evil-datadoghq.com",
    "https://api.datadoghq.com.",
    "ftp://api.datadoghq.com",
    "[secret]",
    "",
  ])("%j is not an address of Datadog's API", (url) => {
    expect(isDatadogUrl(url)).toBe(false);
  });

  test.each([
    ["https://api.datadoghq.com/", "https://api.datadoghq.com"],
    ["https://api.datadoghq.com/?#", "https://api.datadoghq.com"],
    [" https://API.datadoghq.com// ", "https://api.datadoghq.com"],
    ["https://proxy.example.com:8443/datadog/", "https://proxy.example.com:8443/datadog"],
    ["http://localhost:8126", "http://localhost:8126"],
    ["http://127.0.0.1:8126/", "http://127.0.0.1:8126"],
    ["http://127.9.9.9", "http://127.9.9.9"],
    ["http://[::1]:8126", "http://[::1]:8126"],
  ])("%j is %s", (text, url) => {
    expect(parseBaseUrl(text, "DD_HOST")).toBe(url);
  });

  test.each([
    "http://api.datadoghq.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "http://0.0.0.0",
    "http://[::2]",
    "ftp://127.0.0.1",
    "ws://localhost",
  ])("%s would send keys unencrypted: an error", (url) => {
    const error = catchRefusal(undefined, { env: { ...keys, DD_HOST: url } });
    expect(error.code).toBe("invalid-configuration");
    expect(error.message).toMatch(/^The value of DD_HOST must begin with https:\/\//);
  });

  test.each([
    "api.datadoghq.com",
    "",
    "https://",
    "https://user:hidden@api.datadoghq.com",
    "https://hidden@api.datadoghq.com",
    "https://api.datadoghq.com/?api_key=hidden",
    "https://api.datadoghq.com/#hidden",
  ])("%j is invalid: the error names the setting, but does not quote the address", (url) => {
    try {
      parseBaseUrl(url, "DD_HOST");
      expect.unreachable();
    } catch (error) {
      expect(isOrgConnectionsError(error, "invalid-configuration")).toBe(true);
      expect(String(error)).toContain("The value of DD_HOST must be an address");
      expect(String(error)).not.toContain("hidden");
    }
  });

  test("of a named organization is an error that names the full setting", () => {
    const organizations = { payments: { apiKey: "a", appKey: "b", url: "http://api.datadoghq.com" } };
    const error = catchRefusal("payments", { config: { [ORGANIZATIONS]: organizations } });
    expect(error.message).toContain(`${ORGANIZATIONS}.payments.url`);
  });
});
