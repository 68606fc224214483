import { describe, expect, it } from "vitest";
import { useRecorder } from "../core/api/harness.js";
import { useEngine, type Stack } from "./stack.js";

/** A server that is not Datadog's. Any request to it is a leak. */
const otherServer = useRecorder();
const engine = useEngine();
const PACKAGE = "datadog-org-connections";
const getOtherUrl = () => otherServer.options().baseUrl;

/** Creates a program that lists the live connections and declares one. */
const createProgram = (source?: string) => {
  const from = source === undefined ? "" : `source: "${source}",`;
  return `
await getOrgConnections({ ${from} }).catch((error) => pulumi.log.warn(error.message));
new OrgConnection("hub", { ${from} sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] });`;
};

/**
 * Expects that the function and the resource fail, and that neither that server nor the sandbox gets a
 * request.
 */
async function expectRefusal(stack: Stack, setting: string, next: string): Promise<void> {
  const { code, output, requests } = await stack.preview();
  expect(otherServer.arrived).toEqual([]);
  expect(requests).toEqual([]);
  expect(code).not.toBe(0);
  // The program logs the error of the function as a warning. The engine reports the error of the resource.
  const errorLines = output.split("\n").filter((line) => line.includes("[invalid-configuration]"));
  expect(errorLines.length).toBeGreaterThanOrEqual(2);
  for (const line of errorLines) {
    expect(line).toContain(`comes from ${setting}`);
    expect(line).toContain(next);
  }
}

describe("an address from another source than the keys", () => {
  it.each<[string, string[], string | undefined]>([
    [`${PACKAGE}:organizations.payments.url`, ["--path"], "payments"],
    [`${PACKAGE}:url`, [], "payments"],
    [`${PACKAGE}:url`, [], undefined],
    ["datadog:apiUrl", [], undefined],
  ])("%s %j with keys from the environment, source %s", async (key, flags, source) => {
    const stack = engine.createStack(createProgram(source));
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    const suffix = source === undefined ? "" : "__PAYMENTS";
    stack.env = { [`DD_API_KEY${suffix}`]: apiKey, [`DD_APP_KEY${suffix}`]: appKey };
    await stack.setConfig(...flags, key, getOtherUrl());
    const name = source === undefined ? "DEFAULT" : "PAYMENTS";
    await expectRefusal(stack, `stack configuration \`${key}\``, `Set DD_HOST__${name}`);
  });

  it.each(["DD_HOST", "DATADOG_HOST", "DD_HOST__PAYMENTS"])(
    "%s with keys from the stack configuration",
    async (name) => {
      const stack = engine.createStack(createProgram("payments"));
      const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
      const at = `${PACKAGE}:organizations.payments`;
      await stack.setConfig("--secret", "--path", `${at}.apiKey`, apiKey);
      await stack.setConfig("--secret", "--path", `${at}.appKey`, appKey);
      stack.env = { [name]: getOtherUrl() };
      await expectRefusal(
        stack,
        name,
        `Set stack configuration \`${at}.url\` to the address for these credentials`,
      );
    },
  );
});
