/** The state of a stack in its file backend. */
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";

/** One resource of an exported state. */
export interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  delete?: boolean;
  pendingReplacement?: boolean;
  initErrors?: string[];
}

/** What the state of a stack has. */
export interface Deployment {
  resources?: ExportedResource[];
  pending_operations?: { type: string }[];
}

/** Reads the state. */
export function readDeployment(file: string): Deployment {
  const text = readFileSync(file, "utf8");
  return (JSON.parse(text) as { checkpoint: { latest?: Deployment } }).checkpoint.latest ?? {};
}

/**
 * Repairs the state after a kill, as in docs/explanation/faults.md: removes a truncated attributes file, and replaces a truncated state
 * file by its backup. Returns whether that was necessary.
 */
export function repairCheckpoint(file: string): boolean {
  let isRepaired = false;
  if (isTruncated(`${file}.attrs`)) {
    rmSync(`${file}.attrs`);
    isRepaired = true;
  }
  if (isTruncated(file) && existsSync(`${file}.bak`)) {
    copyFileSync(`${file}.bak`, file);
    isRepaired = true;
  }
  return isRepaired;
}

/** Whether a file exists and is not complete JSON. */
function isTruncated(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch {
    return true;
  }
}
