import { setImmediate as nextTurn } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import type { OtherPairs } from "datadog-org-connections-core/operation/other-pairs.js";
import { declaredInRun } from "./declared-pairs.js";
import { all } from "./sdk.js";

/**
 * What the other resources of this program declare, for an exclusive set: its provider can tell whether their names lead
 * to the set's organization, the program often cannot. Those that certainly belong to other organizations are left out;
 * those of the same one are refused. Complete for a program that declares its resources in one turn: one that is declared
 * later, once something was waited for, may be missing.
 *
 * @param awaited - inputs of the set, which by then have their values, as those of other resources have
 */
export function pairsOfOthers(
  resource: string,
  source: pulumi.Input<string> | undefined,
  awaited: pulumi.Input<unknown>,
): pulumi.Output<string> {
  const { names, declarations } = declaredInRun();
  return all([source, nextTurn(), awaited]).apply(([given]) => {
    // What is no name is for check to refuse.
    const own = typeof given === "string" ? given : undefined;
    const others = declarations.filter(
      (one) => one.resource !== resource && !(one.source && names.areDifferent(own, one.source.name)),
    );
    return JSON.stringify(
      others.map(({ resource: other, source: from, sinks }): OtherPairs => ({
        resource: other,
        ...(from && { source: from.name ?? null }),
        ...(sinks && { sinks }),
      })),
    );
  });
}
