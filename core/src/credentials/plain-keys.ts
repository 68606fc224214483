import { entriesByName, organizationPath, ORGANIZATIONS_KEY, SECRET_KEYS } from "./settings.js";

/** A setting that holds a key in plain text. */
export interface PlainKey {
  /** As messages name it. */
  setting: string;
  /** The command that sets it again, as a secret. It asks for the value. */
  command: string;
}

/**
 * The keys that stand in plain text in a stack's configuration.
 * @param config - by full key: values as the stack's file holds them, or those that the engine calls no secrets
 */
export function plainKeys(config: ReadonlyMap<string, unknown>): PlainKey[] {
  const organizations = entriesOf(config.get(ORGANIZATIONS_KEY)).flatMap(([name, settings]) =>
    entriesOf(settings)
      .filter(([key, value]) => (key === "apiKey" || key === "appKey") && isPlain(value))
      .map(([key]) => organizationPath(name, key))
      .map((setting) => ({ setting, command: commandOf("--secret --path", setting) })),
  );
  return [
    ...SECRET_KEYS.filter((key) => isPlain(config.get(key))).map((setting) => ({
      setting,
      command: commandOf("--secret", setting),
    })),
    ...organizations,
  ];
}

/** A secret stands in the stack's file as an object of one text, `secure`. */
function isPlain(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  const [[name, text] = [], ...more] = typeof value === "object" ? Object.entries(value) : [];
  return !(name === "secure" && typeof text === "string" && more.length === 0);
}

/** What is in an object, or in the JSON text of one; nothing is in a secret. */
function entriesOf(value: unknown): [name: string, value: unknown][] {
  if (typeof value === "string") return entriesByName(value) ?? [];
  return typeof value === "object" && value !== null && isPlain(value) ? Object.entries(value) : [];
}

function commandOf(flags: string, setting: string): string {
  return `pulumi config set ${flags} '${setting.replaceAll("'", `'\\''`)}'`;
}
