import {
  UNCONFIGURED_SOURCES,
  type UnconfiguredSource,
} from "datadog-org-connections-core/connection/other-failures.js";
import { readCheckMode } from "datadog-org-connections-core/credentials/settings.js";
import { getMocks } from "./sdk.js";
import { getProgramRun, waitForDeclarations, type ProgramRun } from "./declared-pairs.js";
import { readProgramConfig } from "./program-guard.js";

/** The sources that are collected in this turn of the event loop, by program. */
const collections = new WeakMap<ProgramRun, Promise<string>>();

/**
 * Returns the internal input with all sources of this program that have no credentials, for a resource with such a source. The
 * engine stops at the first resource that fails, so its check reports the others. The list is complete if the program declares its
 * resources synchronously and their sources are strings. Unit tests with mocks have no credentials and no check, and
 * `checks: offline` reports no credentials.
 */
export function collectUnconfiguredSources(source: unknown): { [UNCONFIGURED_SOURCES]?: Promise<string> } {
  if (source !== undefined && typeof source !== "string") return {};
  const program = getProgramRun();
  if (program.names.hasCredentials(source) || getMocks() || readCheckMode(readProgramConfig) === "offline")
    return {};
  const collection = collections.get(program) ?? startCollection(program);
  collections.set(program, collection);
  return { [UNCONFIGURED_SOURCES]: collection };
}

async function startCollection(program: ProgramRun): Promise<string> {
  await waitForDeclarations();
  collections.delete(program);
  const bySource = new Map<string | undefined, UnconfiguredSource>();
  for (const { source, resource } of program.declarations.list()) {
    if (!source || bySource.has(source.name) || program.names.hasCredentials(source.name)) continue;
    bySource.set(source.name, { source: source.name ?? null, resource });
  }
  return JSON.stringify([...bySource.values()]);
}
