import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { suffixOf } from "../../../../core/src/credentials/resolve.js";
import type { Sandbox } from "../../../../sandbox/src/index.js";
import { runCommand } from "../../run-command.js";
import { acmeState, type Company } from "./acme.js";

/** Who is asked for what is live: each of the others shares with one of these. */
const SOURCES = ["observability", "observability-eu", "security", "data-science"];

/** The keys of the company's hubs, as variables. */
export function keysOf(sandbox: Sandbox): Record<string, string> {
  const keys = SOURCES.flatMap((name) => {
    const { apiKey, appKey } = sandbox.organization(name);
    return [
      [`DD_API_KEY__${suffixOf(name)}`, apiKey],
      [`DD_APP_KEY__${suffixOf(name)}`, appKey],
    ] as const;
  });
  return { DD_HOST: sandbox.url, ...Object.fromEntries(keys) };
}

/** `datadog-org-connections map` over the live company and its stack. */
export async function drawAcme(
  company: Company,
  sandbox: Sandbox,
  { format, folder }: { format: string; folder: string },
): Promise<string> {
  const state = path.join(folder, "state.json");
  writeFileSync(state, JSON.stringify(acmeState(company, sandbox)));
  const sources = SOURCES.flatMap((name) => ["--source", name]);
  const args = ["map", "--live", ...sources, "--state", state, "--format", format];
  const { code, stdout, stderr } = await runCommand([...args, "--title", "Acme: who shares what with whom"], {
    env: keysOf(sandbox),
  });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}
