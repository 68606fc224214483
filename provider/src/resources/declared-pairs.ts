import type * as pulumi from "@pulumi/pulumi";
import { labelOf } from "../credentials/resolve.js";
import { OrgConnectionsError } from "../errors/org-connections-error.js";
import { all, getMonitor, output } from "./sdk.js";

/** What one program has declared so far. */
interface Declared {
  /** By pair, the resource that declares it. */
  pairs: Map<string, string>;
  /** By source, the resources that declare a pair of it. */
  users: Map<string | undefined, string[]>;
  /** By source, the exclusive set. */
  exclusive: Map<string | undefined, string>;
}

/** By run, since one process can run several programs (the Automation API). */
const declared = new WeakMap<object, Declared>();

/**
 * Passes a value on, and refuses it when another resource of this program declares one of its pairs. Works on names: two
 * names of one organization meet in the API's own refusal. An exclusive set ends whatever it does not declare, so it is
 * refused beside another resource of its source too.
 *
 * @param resource - how messages name it: `OrgConnection "hub"`
 * @param sinksOf - the destinations in the value; what is of a wrong type is for check to name
 * @param exclusive - of a set: whether it ends what it does not declare
 */
export function declarePairs<T>(
  resource: string,
  source: pulumi.Input<string> | undefined,
  value: pulumi.Input<T>,
  sinksOf: (value: pulumi.Unwrap<T>) => unknown[],
  exclusive?: pulumi.Input<boolean>,
): pulumi.Input<pulumi.Unwrap<T>> {
  const run: object = getMonitor() ?? declared;
  const ofRun: Declared = declared.get(run) ?? { pairs: new Map(), users: new Map(), exclusive: new Map() };
  declared.set(run, ofRun);
  const declareAll = (known: pulumi.Unwrap<T>, from: string | undefined, isExclusive: boolean) => {
    for (const sink of sinksOf(known)) {
      if (typeof sink === "string") declare(ofRun.pairs, resource, from, sink.trim().toLowerCase());
    }
    refuseBesideExclusive(ofRun, resource, from, isExclusive);
    return known;
  };
  if (![value, source, exclusive].every(isPlain)) {
    return all([value, source, exclusive]).apply(([known, from, isExclusive]) =>
      declareAll(known, from, isExclusive === true),
    );
  }
  // With nothing to wait for, no output: it costs the SDK several promises, and each of them a stack trace.
  try {
    return declareAll(value as pulumi.Unwrap<T>, source as string | undefined, exclusive === true);
  } catch (error) {
    // Told as the other way tells it: when the resource is registered.
    return output(Promise.reject<T>(error as Error));
  }
}

/** Whether it is a value that is at hand, with all that it holds. */
function isPlain(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  return (
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) &&
    Object.values(value).every(isPlain)
  );
}

function refuseBesideExclusive(
  { users, exclusive }: Declared,
  resource: string,
  source: string | undefined,
  isExclusive: boolean,
): void {
  const others = users.get(source) ?? [];
  users.set(source, [...others, resource]);
  const set = exclusive.get(source) ?? (isExclusive ? resource : undefined);
  if (set === undefined) return;
  exclusive.set(source, set);
  const other = set === resource ? others.find((user) => user !== resource) : resource;
  if (other === undefined) return;
  throw new OrgConnectionsError(
    "invalid-input",
    `${set} is exclusive and would end what ${other} declares, since both share from ${labelOf(source)}. Declare those ` +
      `connections in the set, or leave \`exclusive\` out.`,
  );
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
