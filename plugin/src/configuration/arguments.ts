import { isDeepStrictEqual } from "node:util";
import { NAMESPACE } from "datadog-org-connections-core/credentials/setting-names.js";
import { isObject, parseJson } from "datadog-org-connections-core/text/data.js";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";
import type { Properties } from "../protocol/values.js";

/** The arguments that every provider has for the engine (pulumi/pulumi, pkg/resource/deploy/providers/registry.go). */
const ENGINE_ARGUMENTS = ["version", "pluginDownloadURL", "pluginChecksums", "name", "parameterization"];

/** Lists the arguments of a provider that are settings of this package, with their values. */
export function listSettingArguments(args: Properties): [name: string, value: unknown][] {
  return Object.entries(args).filter(
    ([name, value]) => !ENGINE_ARGUMENTS.includes(name) && !name.startsWith("__") && value != null,
  );
}

/**
 * Converts the value of an argument to what a stack's configuration has: a string, which is JSON for a structured value. The
 * engine sends such strings for a stack's configuration and the generated SDKs; a program may also pass the value itself.
 */
export const toSettingText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** Whether two arguments have the same value. A structured value may be JSON text on one side: see {@link toSettingText}. */
export function isSameArgument(one: unknown, other: unknown): boolean {
  const parse = (value: unknown) => {
    const parsed = typeof value === "string" ? parseJson(value) : value;
    return isObject(parsed) ? parsed : toSettingText(value);
  };
  return isDeepStrictEqual(parse(one), parse(other));
}

/** Lists the settings that differ between the arguments of two providers. */
export function listDifferentSettings(one: Properties, other: Properties): string[] {
  const names = new Set([one, other].flatMap(listSettingArguments).map(([name]) => name));
  return [...names].filter((name) => !isSameArgument(one[name] ?? undefined, other[name] ?? undefined));
}

/** Returns the full key of a setting. */
export const toSettingKey = (name: string): string => `${NAMESPACE}:${name}`;

/** Whether a value is not known yet in a preview, or has such a part. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "string") return value.includes(UNKNOWN);
  return isObject(value) && Object.values(value).some(hasUnknown);
}
