import { expect, test } from "vitest";
import { hasSameDefaultAsPlugin } from "../../../../cli/src/commands/review/lookup.js";

const hasOne = (config: Record<string, string>, env: Record<string, string> = {}) =>
  hasSameDefaultAsPlugin({ config: (key) => config[key], env });
const KEYS = { DD_API_KEY: "api", DD_APP_KEY: "app" };

test("dynamic resources and the plugin have one default organization, unless the Datadog provider has keys of its own", () => {
  expect(hasOne({}, KEYS)).toBe(true);
  expect(hasOne({ "datadog-org-connections:apiKey": "a", "datadog-org-connections:appKey": "b" })).toBe(true);
  expect(hasOne({ "datadog:apiKey": "a", "datadog:appKey": "b" }, KEYS)).toBe(false);
  // The plugin has no credentials.
  expect(hasOne({ "datadog:apiKey": "a", "datadog:appKey": "b" })).toBe(false);
});
