import { parseEntries } from "./settings-schema.js";
import {
  formatConfigCommand,
  formatOrganizationPath,
  isCredentialSetting,
  ORGANIZATIONS_KEY,
  SECRET_KEYS,
} from "./setting-names.js";

/** A setting that contains a Datadog key or token in plain text. */
export interface PlainTextCredential {
  /** Its configuration key or, in a named organization, its path. */
  setting: string;
  /** The command that sets the value as a secret. The command prompts for the value. */
  command: string;
}

/**
 * Finds the Datadog keys and tokens in plain text in a stack's configuration or in an argument of a provider. A workload identity
 * is not a secret, because it contains no proof of the workload.
 *
 * @param config - the values by full key. For a stack, its file or the values that the engine does not mark as secret. For a
 *   provider, one of its arguments
 */
export function findPlainTextCredentials(config: ReadonlyMap<string, unknown>): PlainTextCredential[] {
  const organizations = readEntries(config.get(ORGANIZATIONS_KEY)).flatMap(([name, settings]) =>
    readEntries(settings)
      .filter(([key, value]) => isCredentialSetting(key) && isPlainText(value))
      .map(([key]) => formatOrganizationPath(name, key))
      .map((setting) => ({ setting, command: formatConfigCommand("set --secret --path", setting) })),
  );
  return [
    ...SECRET_KEYS.filter((key) => isPlainText(config.get(key))).map((setting) => ({
      setting,
      command: formatConfigCommand("set --secret", setting),
    })),
    ...organizations,
  ];
}

/** Whether a value is set and not a secret. In the stack's file, a secret has the form `{ secure: "…" }`. */
function isPlainText(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  const [[name, content] = [], ...more] = typeof value === "object" ? Object.entries(value) : [];
  return !(name === "secure" && typeof content === "string" && more.length === 0);
}

/** Returns the entries of an object, or of a JSON object in a string. Returns none for a secret or any other value. */
function readEntries(value: unknown): [name: string, value: unknown][] {
  if (typeof value === "string") return parseEntries(value) ?? [];
  return typeof value === "object" && value !== null && isPlainText(value) ? Object.entries(value) : [];
}
