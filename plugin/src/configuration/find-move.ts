import type { ProviderMove } from "datadog-org-connections-core/operation/ledger.js";
import type { Properties } from "../protocol/values.js";
import { listDifferentSettings } from "./arguments.js";
import { compareArguments } from "./compare-arguments.js";
import { getExplicitName } from "./provider-name.js";

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
