import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { count, lowerCaseUuid, parseJson, SandboxInputError } from "./input.js";
import { user, type SandboxOrganization, type SandboxUser } from "./seed.js";
import { timestamp } from "./timestamp.js";

/** One live connection. */
export interface StoredConnection {
  readonly id: string;
  readonly sourceOrgId: string;
  readonly sinkOrgId: string;
  readonly connectionTypes: readonly string[];
  readonly createdAt: string;
  readonly createdBy: SandboxUser;
}

/** What a state file holds. */
export interface SandboxState {
  organizations: readonly SandboxOrganization[];
  connections: readonly StoredConnection[];
}

const VERSION = 1;

const organization = v.object({
  key: v.string(),
  id: lowerCaseUuid,
  name: v.string(),
  account: v.string(),
  apiKey: v.string(),
  appKey: v.string(),
  rotations: count,
  permissions: v.array(v.string()),
  feature: v.boolean(),
  disabled: v.boolean(),
  maxDestinations: v.optional(count),
  user,
});
const connection = v.object({
  id: lowerCaseUuid,
  sourceOrgId: lowerCaseUuid,
  sinkOrgId: lowerCaseUuid,
  connectionTypes: v.array(v.string()),
  createdAt: timestamp,
  createdBy: user,
});
const stateFile = v.object({
  version: v.literal(VERSION),
  organizations: v.array(organization),
  connections: v.array(connection),
});

/**
 * Reads the state in a file. Returns `undefined` when the file does not exist.
 *
 * @throws {@link SandboxInputError} on a file that is not a state file of a sandbox
 */
export function readState(file: string): SandboxState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = v.safeParse(stateFile, parseJson(text));
  if (parsed.success) return parsed.output;
  throw new SandboxInputError(`${file} is not a state file of this sandbox: remove it, or name another one`);
}

/**
 * Writes the state. Synchronously, so that writes cannot overtake each other and a response is never sent before the
 * change that it reports is on disk; under another name first, so that a reader or a crash never finds half a file.
 */
export function writeState(file: string, state: SandboxState): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify({ version: VERSION, ...state }, undefined, 1)}\n`);
  renameSync(draft, file);
}
