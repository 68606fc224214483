import { describe, expect, it } from "vitest";
import { createEnv } from "../cli/live-env.js";
import { STACK_TRACE } from "./expect-settled.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const NAMESPACE = "datadog-org-connections";
const declare = (source: string, name = source) =>
  `new OrgConnection("${name}", { source: "${source}", sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] });`;

/** Expects that the preview fails with exactly one error, without a request, and returns its message on one line. */
async function catchRefusal(stack: Stack): Promise<string> {
  const { code, errors, output, requests } = await stack.preview();
  expect(code, output).not.toBe(0);
  expect(errors).toHaveLength(1);
  expect(output).not.toMatch(STACK_TRACE);
  expect(requests).toEqual([]);
  return (errors[0] ?? "").replace(/\s+/g, " ");
}

describe("a setting of an organization that was set without --path", () => {
  it.each([
    ["payments", "organizations.payments"],
    ["team.a", `organizations["team.a"]`],
    ["team.a", "organizations.team.a"],
  ])("of %s as %s: the commands in the error correct it", async (source, prefix) => {
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    const values: Record<string, string> = { apiKey, appKey, url: engine.sandbox.url };
    const stack = engine.createStack(declare(source));
    for (const [setting, value] of Object.entries(values)) {
      const flags = setting === "url" ? [] : ["--secret"];
      const { code, output } = await stack.setConfig(...flags, `${NAMESPACE}:${prefix}.${setting}`, value);
      expect(code, output).toBe(0);
    }

    const message = await catchRefusal(stack);
    expect(message).not.toContain(apiKey);
    const commands = [...message.matchAll(/pulumi (config (?:rm|set)[^']*) '([^']+)'/g)];
    expect(commands).toHaveLength(6);
    for (const [, command = "", key = ""] of commands) {
      const value = command.startsWith("config set") ? [values[key.split(".").at(-1) ?? ""] ?? ""] : [];
      const { code, output } = await stack.runPulumi([
        ...command.split(" "),
        key,
        ...value,
        "--stack=dev",
        "--non-interactive",
      ]);
      expect(code, output).toBe(0);
    }
    const preview = await stack.preview();
    expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
    expect(preview.steps).toEqual([`create ${source}`]);
  });
});

describe("settings that had no effect are errors", () => {
  it.each([
    ["checks", "sometimes", /checks` must be "online" or "offline"/],
    ["check", "offline", /check`, which is not a setting .* organizations, checks, maxAttempts/],
    ["maxInflight", "3", /maxInflight`, which is not a setting .* maxConcurrent/],
  ])("%s: %s", async (name, value, message) => {
    const stack = engine.createStack(`${declare("payments")}\n${declare("search")}`);
    stack.env = createEnv(engine.sandbox, ["payments", "search"]);
    await stack.setConfig(`${NAMESPACE}:${name}`, value);
    expect(await catchRefusal(stack)).toMatch(message);
  });

  it("also if the program only calls a function", async () => {
    const stack = engine.createStack("await getOrganizations();");
    await stack.setConfig(`${NAMESPACE}:check`, "offline");
    expect(await catchRefusal(stack)).toMatch(/check`, which is not a setting/);
  });
});
