import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../protocol/values.js";
import { listSettingArguments } from "./arguments.js";
import { getExplicitName } from "./provider-name.js";

/** A provider to which a resource moves, and the arguments of both providers. The engine does not send the name of the former one. */
interface Move {
  name: string | undefined;
  olds: Properties;
  news: Properties;
}

/**
 * Whether a resource only seems to move to another provider, because the package has another version. The name of the default provider
 * contains the version of the SDK (`default_1_2_3`), so after an upgrade, the engine moves all resources of the former default provider.
 *
 * Then the arguments differ in the version, and no setting differs. If nothing differs at all, the former provider is one that a program
 * declares. It may have the credentials of another organization, in variables of its own (`envVarMappings`), which the engine does not send.
 */
export function isUpgrade({ name, olds, news }: Move): boolean {
  if (getExplicitName(name) !== undefined || isDeepStrictEqual(olds, news)) return false;
  const [before, after] = [olds, news].map((args) => Object.fromEntries(listSettingArguments(args)));
  return isDeepStrictEqual(before, after);
}
