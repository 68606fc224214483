import * as v from "valibot";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import { findPlainTextCredentials } from "datadog-org-connections-core/credentials/plain-text-credentials.js";
import { findInvalidSettings } from "datadog-org-connections-core/credentials/settings.js";
import type { Properties } from "../protocol/values.js";
import {
  hasUnknown,
  listDifferentSettings,
  listSettingArguments,
  toSettingKey,
  toSettingText,
} from "./arguments.js";
import { getExplicitName } from "./provider-name.js";

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
