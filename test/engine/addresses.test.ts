import { describe, expect, it } from "vitest";
import { useRecorder } from "../core/api/harness.js";
import { useEngine, type Stack } from "./stack.js";

/** A server that is none of Datadog's: whatever reaches it is a leak. */
const elsewhere = useRecorder();
const engine = useEngine();
const PACKAGE = "datadog-org-connections";
const url = () => elsewhere.options().baseUrl;

/** A program that asks for what is live, and then declares a connection. */
const program = (source?: string) => {
  const from = source === undefined ? "" : `source: "${source}",`;
  return `
await getOrgConnections({ ${from} }).catch((error) => pulumi.log.warn(error.message));
new OrgConnection("hub", { ${from} sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`;
};

/** Both the function and the resource refuse, and nobody is asked: neither that server nor the sandbox. */
async function refused(stack: Stack, setting: string, next: string): Promise<void> {
  const { code, output, requests } = await stack.preview();
  expect(elsewhere.arrived).toEqual([]);
  expect(requests).toEqual([]);
  expect(code).not.toBe(0);
  // The function's error is a warning of this program, the resource's an error of the engine.
  const told = output.split("\n").filter((line) => line.includes("[invalid-configuration]"));
  expect(told.length).toBeGreaterThanOrEqual(2);
  for (const line of told) {
    expect(line).toContain(`comes from ${setting}`);
    expect(line).toContain(next);
  }
}

describe("an address from another place than the keys", () => {
  it.each<[string, string[], string | undefined]>([
    [`${PACKAGE}:organizations.payments.url`, ["--path"], "payments"],
    [`${PACKAGE}:url`, [], "payments"],
    [`${PACKAGE}:url`, [], undefined],
    ["datadog:apiUrl", [], undefined],
  ])("%s %j with keys of the environment, source %s", async (key, flags, source) => {
    const stack = engine.stack(program(source));
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    const suffix = source === undefined ? "" : "__PAYMENTS";
    stack.env = { [`DD_API_KEY${suffix}`]: apiKey, [`DD_APP_KEY${suffix}`]: appKey };
    await stack.config(...flags, key, url());
    const name = source === undefined ? "DEFAULT" : "PAYMENTS";
    await refused(stack, `stack configuration \`${key}\``, `Set DD_HOST__${name}`);
  });

  it.each(["DD_HOST", "DATADOG_HOST", "DD_HOST__PAYMENTS"])(
    "%s with keys of the stack's configuration",
    async (name) => {
      const stack = engine.stack(program("payments"));
      const { apiKey, appKey } = engine.sandbox.organization("payments");
      const at = `${PACKAGE}:organizations.payments`;
      await stack.config("--secret", "--path", `${at}.apiKey`, apiKey);
      await stack.config("--secret", "--path", `${at}.appKey`, appKey);
      stack.env = { [name]: url() };
      await refused(stack, name, `Set stack configuration \`${at}.url\` beside the keys`);
    },
  );
});
