import type * as pulumi from "@pulumi/pulumi";
import type { ResourcePairs } from "datadog-org-connections-core/operation/other-pairs.js";
import { getProgramDeclarations, waitForDeclarations, type ProgramResource } from "./declared-pairs.js";
import { all } from "./sdk.js";

/**
 * Collects the pairs of this program's other resources for an exclusive set. The provider can determine whether their
 * `source` is the set's organization; the program often cannot. Resources that certainly belong to other organizations are omitted.
 * Resources that certainly belong to the same organization were already refused. The result is complete if the program
 * declares its resources synchronously: a resource declared after an await may be missing.
 *
 * @param resource - the set
 * @param source - the source of the set
 * @param awaited - inputs of the set; while they are awaited, the inputs of other resources may become known too
 */
export function collectOtherPairs(
  resource: ProgramResource,
  source: pulumi.Input<string> | undefined,
  awaited: pulumi.Input<unknown>,
): pulumi.Output<string> {
  const { names, declarations } = getProgramDeclarations();
  return all([source, waitForDeclarations(), awaited]).apply(([given]) => {
    // Check refuses a value that is not a name.
    const own = typeof given === "string" ? given : undefined;
    const others = declarations.filter(
      (declaration) =>
        declaration.resource.key !== resource.key &&
        !(declaration.source && names.isDifferentOrganization(own, declaration.source.name)),
    );
    return JSON.stringify(
      others.map(({ resource: other, source: from, sinks }): ResourcePairs => ({
        resource: other.label,
        ...(from && { source: from.name ?? null }),
        ...(sinks && { sinks }),
      })),
    );
  });
}
