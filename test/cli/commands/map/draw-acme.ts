import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { toVariableSuffix } from "../../../../core/src/credentials/setting-names.js";
import type { Sandbox } from "../../../../sandbox/src/index.js";
import { runCommand } from "../../run-command.js";
import { createAcmeState, type Company } from "./acme.js";

/** The organizations to read. Each of the others shares with one of these. */
const SOURCES = ["observability", "observability-eu", "security", "data-science"];

/** Creates the environment with the keys of the company's hubs. */
export function createKeyEnv(sandbox: Sandbox): Record<string, string> {
  const keys = SOURCES.flatMap((name) => {
    const { apiKey, appKey } = sandbox.getOrganization(name);
    return [
      [`DD_API_KEY__${toVariableSuffix(name)}`, apiKey],
      [`DD_APP_KEY__${toVariableSuffix(name)}`, appKey],
    ] as const;
  });
  return { DD_HOST: sandbox.url, ...Object.fromEntries(keys) };
}

/** Runs `datadog-org-connections map` for the live company and its stack. */
export async function drawAcme(
  company: Company,
  sandbox: Sandbox,
  { format, folder }: { format: string; folder: string },
): Promise<string> {
  const state = path.join(folder, "state.json");
  writeFileSync(state, JSON.stringify(createAcmeState(company, sandbox)));
  const sources = SOURCES.flatMap((name) => ["--source", name]);
  const args = ["map", "--live", ...sources, "--state", state, "--format", format];
  const { code, stdout, stderr } = await runCommand([...args, "--title", "Acme: who shares what with whom"], {
    env: createKeyEnv(sandbox),
  });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}
