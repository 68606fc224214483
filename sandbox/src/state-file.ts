import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isRecord, isTextList, parseJson, valueAt } from "./json.js";
import type { SandboxOrganization, SandboxUser } from "./seed.js";
import type { StoredConnection } from "./store.js";

/** What a state file holds. */
export interface SandboxState {
  organizations: readonly SandboxOrganization[];
  connections: readonly StoredConnection[];
}

const VERSION = 1;

/** The state in a file; `undefined` when there is no file yet. Throws on a file that is no state of a sandbox. */
export function readState(file: string): SandboxState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (valueAt(error, "code") === "ENOENT") return undefined;
    throw error;
  }
  const state = parseJson(text);
  if (
    isRecord(state) &&
    state["version"] === VERSION &&
    Array.isArray(state["organizations"]) &&
    state["organizations"].every(isOrganization) &&
    Array.isArray(state["connections"]) &&
    state["connections"].every(isConnection)
  ) {
    return { organizations: state["organizations"], connections: state["connections"] };
  }
  throw new Error(`${file} is no state file of this sandbox: remove it, or name another one`);
}

/**
 * Writes the state. Synchronously, so that writes cannot overtake each other and an answer never goes out before
 * what it tells is on disk; under another name first, so that a reader or a crash never meets half a file.
 */
export function writeState(file: string, state: SandboxState): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify({ version: VERSION, ...state }, undefined, 1)}\n`);
  renameSync(draft, file);
}

function isOrganization(value: unknown): value is SandboxOrganization {
  return (
    isRecord(value) &&
    hasTexts(value, "key", "id", "name", "account", "apiKey", "appKey") &&
    typeof value["rotations"] === "number" &&
    typeof value["feature"] === "boolean" &&
    typeof value["disabled"] === "boolean" &&
    isTextList(value["permissions"]) &&
    isUser(value["user"])
  );
}

function isConnection(value: unknown): value is StoredConnection {
  return (
    isRecord(value) &&
    hasTexts(value, "id", "sourceOrgId", "sinkOrgId", "createdAt") &&
    isTextList(value["connectionTypes"]) &&
    isUser(value["createdBy"])
  );
}

function isUser(value: unknown): value is SandboxUser {
  return isRecord(value) && hasTexts(value, "id", "handle", "email", "name");
}

function hasTexts(value: Record<string, unknown>, ...names: string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}
