import { isDeepStrictEqual } from "node:util";
import { isObject, parseJson } from "datadog-org-connections-core/text/data.js";
import { UNKNOWN, type CheckFailure } from "datadog-org-connections-core/connection/types.js";
import { findPlainTextCredentials } from "datadog-org-connections-core/credentials/plain-text-credentials.js";
import { NAMESPACE } from "datadog-org-connections-core/credentials/setting-names.js";
import { findInvalidSettings } from "datadog-org-connections-core/credentials/settings.js";
import { isDefaultProviderName } from "datadog-org-connections-core/host/type-tokens.js";
import type { ProviderMove } from "datadog-org-connections-core/operation/ledger.js";
import type { Properties } from "../protocol/values.js";
import type { Difference } from "../resources/resource-handler.js";
import * as v from "valibot";

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
function isSameArgument(one: unknown, other: unknown): boolean {
  const parse = (value: unknown) => {
    const parsed = typeof value === "string" ? parseJson(value) : value;
    return isObject(parsed) ? parsed : toSettingText(value);
  };
  return isDeepStrictEqual(parse(one), parse(other));
}

/** Lists the settings that differ between the arguments of two providers. */
function listDifferentSettings(one: Properties, other: Properties): string[] {
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

/**
 * Finds the problems of the arguments of a provider. Unknown values pass: they are known in the `up`.
 *
 * No problem has a `property`: the engine would print its value, which may be a key, or one in the wrong place (`issueCheckErrors` in
 * pulumi/pulumi, pkg/resource/deploy/step_generator.go). The reason names the argument.
 */
export function checkArguments(args: Properties): CheckFailure[] {
  const known = listSettingArguments(args).filter(([, value]) => !hasUnknown(value));
  const values = new Map(known.map(([name, value]) => [name, toSettingText(value)]));
  return findInvalidSettings(values).map(({ name, problem }) => ({
    property: "",
    reason: `\`${name}\` ${problem} [invalid-configuration]`,
  }));
}

/** Lists the arguments that contain a key or a token. */
export const listCredentialArguments = (args: Properties): string[] =>
  listSettingArguments(args)
    .filter(([name, value]) => findPlainTextCredentials(new Map([[toSettingKey(name), value]])).length > 0)
    .map(([name]) => name);

const stackConfigurationSchema = v.record(v.string(), v.unknown());

/**
 * Refuses a provider of a program that has the name of the default provider and other settings. In a refresh, only the name distinguishes
 * them, and the environment must not replace the credentials of a provider that a program declares. In a review, a reader takes a
 * provider of this name for the stack's. The default provider has the settings of the stack's configuration, which the engine
 * passes to each plugin.
 *
 * @param stackConfiguration - the value of PULUMI_CONFIG, as JSON; the check needs it
 */
export function refuseDefaultName(
  name: string | undefined,
  args: Properties,
  stackConfiguration: string | undefined,
): CheckFailure[] {
  const configured = v.safeParse(stackConfigurationSchema, parseJson(stackConfiguration ?? ""));
  if (getExplicitName(name) !== undefined || !configured.success) return [];
  const [other] = listDifferentSettings(args, configured.output);
  if (other === undefined) return [];
  return [
    {
      property: "",
      reason:
        `The provider has the name "${name ?? ""}", which is that of the default provider, but \`${other}\` is not that of the ` +
        `stack's configuration. Rename it, such as to the name of its organization. [invalid-configuration]`,
    },
  ];
}

/**
 * Compares the arguments of a provider. A changed argument never replaces the provider, which would replace all its resources:
 * new keys, another address or a new version lead to the same connections. An older state may contain an object with keys,
 * which is JSON text now.
 */
export function compareArguments(olds: Properties, news: Properties): Difference {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = names.filter((name) => !isSameArgument(olds[name], news[name]));
  return {
    changes: changed.length > 0,
    replaces: [],
    changedKeys: changed,
    detailed: Object.fromEntries(
      changed.map((name) => [name, { kind: getKind(olds[name], news[name]), inputDiff: true }]),
    ),
    stables: [],
    deleteBeforeReplace: false,
  };
}

function getKind(before: unknown, after: unknown): "ADD" | "DELETE" | "UPDATE" {
  if (before === undefined) return "ADD";
  return after === undefined ? "DELETE" : "UPDATE";
}

/** A provider to which a resource moves, and the arguments of both providers. The engine does not send the name of the former one. */
interface MovedResource {
  name: string | undefined;
  olds: Properties;
  news: Properties;
}

/**
 * Finds out whether a resource only seems to move to another provider, because the package has another version. The name of the default
 * provider contains the version of the SDK (`default_1_2_3`), so after an upgrade, the engine moves all resources of the former one.
 * Then both have a version, and no setting differs.
 *
 * The former provider may also be one that a program declares. It may have the credentials of another organization, in variables of its
 * own (`envVarMappings`), which the engine does not send. This is certain if nothing differs, and possible if not both have a version.
 */
export function findMove({ name, olds, news }: MovedResource): ProviderMove {
  const isSame = !compareArguments(olds, news).changes;
  if (getExplicitName(name) !== undefined || isSame || listDifferentSettings(olds, news).length > 0)
    return "probable";
  const isUpgrade =
    [olds, news].every(({ version }) => version != null) && olds["version"] !== news["version"];
  return isUpgrade ? "none" : "possible";
}

/** What a request says about its provider. Engines before 3.154 send neither in Configure. */
interface NamedRequest {
  getName(): string | undefined;
  getUrn(): string | undefined;
}

/** Returns the name of the provider that a request is about, if it says so. */
export function readProviderName(request: NamedRequest): string | undefined {
  const name = request.getName() ?? "";
  return (name === "" ? request.getUrn()?.split("::").at(3) : name) || undefined;
}

/**
 * Returns the name of a provider that a program declares, or undefined for the default provider, which the engine creates from the
 * stack's configuration. A provider without a known name counts as declared: then its arguments take precedence over the environment,
 * so that no connection is created with the credentials of another organization.
 */
export function getExplicitName(name: string | undefined): string | undefined {
  if (name === undefined) return "(unnamed)";
  return isDefaultProviderName(name) ? undefined : name;
}
