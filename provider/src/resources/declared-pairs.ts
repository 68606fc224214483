import type * as pulumi from "@pulumi/pulumi";
import { labelOf } from "datadog-org-connections-core/credentials/resolve.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { programConfig } from "./program-guard.js";
import { readValue } from "./read-value.js";
import { OrganizationNames, type Source } from "./same-organization.js";
import { all, getMonitor, output } from "./sdk.js";

/** One resource of a program, and what it declares, as far as that is known yet. */
interface Declaration {
  /** How messages name it: `OrgConnection "hub"`. */
  resource: string;
  source?: { name: Source };
  sinks?: string[];
}

/** What one program has declared so far. */
export interface Declared {
  names: OrganizationNames;
  declarations: Declaration[];
  /** By pair, the resource that declares it. */
  pairs: Map<string, string>;
  /** By source, the resources that declare a pair of it. */
  users: Map<Source, string[]>;
  /** By source, the exclusive set. */
  exclusive: Map<Source, string>;
}

/** By run, since one process can run several programs (the Automation API). */
const declared = new WeakMap<object, Declared>();

/** What the program that runs now has declared so far. */
export function declaredInRun(): Declared {
  const run: object = getMonitor() ?? declared;
  const ofRun: Declared = declared.get(run) ?? {
    names: new OrganizationNames(() => ({ config: programConfig, env: process.env })),
    declarations: [],
    pairs: new Map(),
    users: new Map(),
    exclusive: new Map(),
  };
  declared.set(run, ofRun);
  return ofRun;
}

/**
 * Passes a value on, and refuses it when another resource of this program declares one of its pairs. An exclusive set ends
 * whatever it does not declare, so it is refused beside another resource of its organization too. Two names count as one
 * organization where that is certain; otherwise they meet in the API's own refusal, and the provider goes by
 * {@link pairsOfOthers}.
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
  const ofRun = declaredInRun();
  const declaration: Declaration = {
    resource,
    ...((source === undefined || typeof source === "string") && { source: { name: source } }),
  };
  ofRun.declarations.push(declaration);
  const declareAll = (known: pulumi.Unwrap<T>, given: unknown, isExclusive: boolean) => {
    const from = given ?? undefined;
    // For check to name.
    if (from !== undefined && typeof from !== "string") return known;
    const sinks = sinksOf(known).flatMap((sink) =>
      typeof sink === "string" ? [sink.trim().toLowerCase()] : [],
    );
    Object.assign(declaration, { source: { name: from }, sinks });
    for (const sink of sinks) declare(ofRun, resource, from, sink);
    refuseBesideExclusive(ofRun, resource, from, isExclusive);
    return known;
  };
  if (![value, source, exclusive].every(isPlain)) {
    return all([value, source, exclusive]).apply(([known, from, isExclusive]) =>
      // Once more, now that what it held is known.
      declareAll(readValue(resource, known) as pulumi.Unwrap<T>, from, isTrue(isExclusive)),
    );
  }
  // With nothing to wait for, no output: it costs the SDK several promises, and each of them a stack trace.
  try {
    return declareAll(value as pulumi.Unwrap<T>, source, isTrue(exclusive));
  } catch (error) {
    // Told as the other way tells it: when the resource is registered.
    return output(Promise.reject<T>(error as Error));
  }
}

/** As check reads it: a value that comes from configuration may be a text. */
const isTrue = (flag: unknown): boolean => flag === true || flag === "true";

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
  { names, users, exclusive }: Declared,
  resource: string,
  source: Source,
  isExclusive: boolean,
): void {
  const same = [...names.sameAs(source)];
  const others = same.flatMap((name) => (users.get(name) ?? []).map((user) => ({ name, user })));
  users.set(source, [...(users.get(source) ?? []), resource]);
  if (isExclusive && !exclusive.has(source)) exclusive.set(source, resource);
  const [owner] = same.flatMap((name) => {
    const set = exclusive.get(name);
    return set === undefined ? [] : [{ name, set }];
  });
  if (!owner) return;
  const other =
    owner.set === resource ? others.find(({ user }) => user !== resource) : { name: source, user: resource };
  if (!other) return;
  throw new OrgConnectionsError("invalid-input", {
    happened:
      `${owner.set} is exclusive and would end what ${other.user} declares, since ` +
      `${owner.name === other.name ? `both share from ${labelOf(source)}` : sameness(owner.name, other.name)}.`,
    advice: "Declare those connections in the set, or leave `exclusive` out.",
  });
}

function declare({ names, pairs }: Declared, resource: string, source: Source, sink: string): void {
  const pairOf = (name: Source) => JSON.stringify([name ?? null, sink]);
  const [other] = [...names.sameAs(source)].flatMap((name) => {
    const holder = pairs.get(pairOf(name)) ?? resource;
    return holder === resource ? [] : [{ name, holder }];
  });
  if (!pairs.has(pairOf(source))) pairs.set(pairOf(source), resource);
  if (!other) return;
  throw new OrgConnectionsError("invalid-input", {
    happened:
      `${other.holder} and ${resource} declare the same pair: ${labelOf(source)} to ${sink}` +
      `${other.name === source ? "" : `, since ${sameness(other.name, source)}`}.`,
    advice: "A pair has one connection: put all its connectionTypes into one resource.",
  });
}

const sameness = (a: Source, b: Source): string =>
  `${labelOf(a)} and ${labelOf(b)} are the same organization, by their configured \`id\` or by their keys`;
