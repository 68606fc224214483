import { LiveError } from "../live-error.js";
import type { ProbeContext } from "./probe-context.js";
import { probeExtras } from "./probe-extras.js";
import { probeReads } from "./probe-reads.js";
import { probeConnection, probeCreates } from "./probe-writes.js";

/** Runs all probes. Returns why they ended early, or `undefined`. */
export async function runProbes(
  context: ProbeContext,
  logLine: (line: string) => void,
): Promise<string | undefined> {
  try {
    logLine("Probing what needs no connection …");
    await probeReads(context);
    await probeExtras(context);
    logLine("Probing creates, updates and deletes …");
    await probeCreates(context);
    await probeConnection(context);
    return undefined;
  } catch (error) {
    if (error instanceof LiveError) return error.message;
    throw error;
  }
}
