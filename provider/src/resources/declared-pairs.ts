import * as pulumi from "@pulumi/pulumi";
import { labelOf } from "../credentials/resolve.js";
import { OrgConnectionsError } from "../errors/org-connections-error.js";

/** By run, since one process can run several programs (the Automation API): which resource declares which pair. */
const declared = new WeakMap<object, Map<string, string>>();

/**
 * Passes a value on, and refuses it when another resource of this program declares one of its pairs. Works on names: two
 * names of one organization meet in the API's own refusal.
 *
 * @param resource - how messages name it: `OrgConnection "hub"`
 * @param sinksOf - the destinations in the value; what is of a wrong type is for check to name
 */
export function declarePairs<T>(
  resource: string,
  source: pulumi.Input<string> | undefined,
  value: pulumi.Input<T>,
  sinksOf: (value: pulumi.Unwrap<T>) => unknown[],
): pulumi.Output<pulumi.Unwrap<T>> {
  const run: object = pulumi.runtime.getMonitor() ?? declared;
  const pairs = declared.get(run) ?? new Map<string, string>();
  declared.set(run, pairs);
  return pulumi.all([value, source]).apply(([known, from]) => {
    for (const sink of sinksOf(known)) {
      if (typeof sink === "string") declare(pairs, resource, from, sink.trim().toLowerCase());
    }
    return known;
  });
}

function declare(
  pairs: Map<string, string>,
  resource: string,
  source: string | undefined,
  sink: string,
): void {
  const pair = JSON.stringify([source ?? null, sink]);
  const other = pairs.get(pair) ?? resource;
  pairs.set(pair, other);
  if (other === resource) return;
  throw new OrgConnectionsError(
    "invalid-input",
    `${other} and ${resource} declare the same pair: ${labelOf(source)} to ${sink}. A pair has one connection: put all ` +
      `its connectionTypes into one resource.`,
  );
}
