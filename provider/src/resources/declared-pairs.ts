import type * as pulumi from "@pulumi/pulumi";
import {
  createExclusiveConflictError,
  createSamePairError,
} from "datadog-org-connections-core/operation/declaration-errors.js";
import { formatPairKey } from "datadog-org-connections-core/operation/operation-context.js";
import { readProgramConfig } from "./program-guard.js";
import { copyValue } from "./program-inputs.js";
import {
  OrganizationNames,
  type Source,
} from "datadog-org-connections-core/credentials/organization-names.js";
import { all, createPerRun, output } from "./sdk.js";

/** A resource of a program. */
export interface ProgramResource {
  /** Formatted for messages: `OrgConnection "hub"`. */
  label: string;
  /** What identifies it, as {@link formatResourceKey} returns it. */
  key: string;
}

/** One resource of a program and its pairs, as far as they are known. */
interface Declaration {
  resource: ProgramResource;
  /** Missing while the source is unknown. */
  source?: { name: Source };
  /** Missing while the destinations are unknown. */
  sinks?: string[];
}

/** The pairs that one program has declared so far. */
export interface ProgramDeclarations {
  names: OrganizationNames;
  /** All resources, in the order of their declaration. */
  declarations: Declaration[];
  /** The resource that declares a pair, by {@link formatPairKey}. */
  resourcesByPair: Map<string, ProgramResource>;
  /** The resources that declare pairs of a source, by source. */
  resourcesBySource: Map<Source, ProgramResource[]>;
  /** The exclusive set, by source. */
  exclusiveSets: Map<Source, ProgramResource>;
}

/**
 * Waits until the program has declared its other resources, as far as it does so synchronously: these declarations come before
 * the next turn of the event loop.
 */
export async function waitForDeclarations(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Returns the pairs that the current program has declared so far. */
export const getProgramDeclarations = createPerRun((): ProgramDeclarations => ({
  names: new OrganizationNames(() => ({ config: readProgramConfig, env: process.env })),
  declarations: [],
  resourcesByPair: new Map(),
  resourcesBySource: new Map(),
  exclusiveSets: new Map(),
}));

/**
 * The name of an internal input without a value, which reports an error of {@link declarePairs} that depends on pending arguments. The
 * destinations are a separate input: they must remain known in a preview that does not know `source` yet, because an unknown destination
 * would be a replacement. It is not stored in the state.
 */
const DECLARATION = "__declaration";

/** The inputs with which a resource declares its pairs. */
interface DeclaredPairs<T> {
  value: pulumi.Input<pulumi.Unwrap<T>>;
  internal: { [DECLARATION]?: pulumi.Output<undefined> };
}

/**
 * Returns the value, or refuses it if another resource of this program declares one of its pairs. An exclusive set deletes
 * undeclared connections, so another resource of its organization is refused too. Two names count as the same organization
 * only if that is certain. Otherwise, the API refuses the second create, and the provider uses the result of
 * {@link collectOtherPairs}.
 *
 * @param listSinks - returns the destinations in the value; check reports values of a wrong type
 * @param exclusive - for a set: whether it deletes undeclared connections
 */
export function declarePairs<T>(
  resource: ProgramResource,
  source: pulumi.Input<string> | undefined,
  value: pulumi.Input<T>,
  listSinks: (value: pulumi.Unwrap<T>) => unknown[],
  exclusive?: pulumi.Input<boolean>,
): DeclaredPairs<T> {
  const program = getProgramDeclarations();
  const declaration: Declaration = {
    resource,
    ...((source === undefined || typeof source === "string") && { source: { name: source } }),
  };
  program.declarations.push(declaration);
  const declareAll = (known: pulumi.Unwrap<T>, given: unknown, isExclusive: boolean) => {
    const knownSource = given ?? undefined;
    // Check reports a value of a wrong type.
    if (knownSource !== undefined && typeof knownSource !== "string") return;
    const sinks = listSinks(known).flatMap((sink) =>
      typeof sink === "string" ? [sink.trim().toLowerCase()] : [],
    );
    Object.assign(declaration, { source: { name: knownSource }, sinks });
    for (const sink of sinks) declarePair(program, resource, knownSource, sink);
    refuseExclusiveConflict(program, resource, knownSource, isExclusive);
  };
  if (![value, source, exclusive].every(isAvailable)) {
    // Copy it again, now that its content is known.
    const copied = output(value).apply((known) => copyValue(resource.label, known) as pulumi.Unwrap<T>);
    const declared = all([copied, source, exclusive]).apply(([known, given, isExclusive]) => {
      declareAll(known as pulumi.Unwrap<T>, given, isTrue(isExclusive));
      return undefined;
    });
    return { value: copied, internal: { [DECLARATION]: declared } };
  }
  // If no value is pending, create no output, because the SDK creates several promises with stack traces for each.
  try {
    declareAll(value as pulumi.Unwrap<T>, source, isTrue(exclusive));
    return { value: value as pulumi.Unwrap<T>, internal: {} };
  } catch (error) {
    // As with pending values, the error is reported when the resource is registered.
    return { value: output(Promise.reject<T>(error as Error)), internal: {} };
  }
}

/** Whether a flag is set. As in check, a value from the configuration may be a string. */
export const isTrue = (flag: unknown): boolean => flag === true || flag === "true";

/** Whether a value and everything in it is available, without outputs or promises. */
function isAvailable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return (
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) &&
    Object.values(value).every(isAvailable)
  );
}

/** Refuses an exclusive set together with another resource of its organization, whichever of them is declared first. */
function refuseExclusiveConflict(
  { names, resourcesBySource, exclusiveSets }: ProgramDeclarations,
  resource: ProgramResource,
  source: Source,
  isExclusive: boolean,
): void {
  const equivalentNames = [...names.findEquivalentNames(source)];
  const others = equivalentNames.flatMap((name) =>
    (resourcesBySource.get(name) ?? []).map((declarer) => ({ name, declarer })),
  );
  resourcesBySource.set(source, [...(resourcesBySource.get(source) ?? []), resource]);
  if (isExclusive && !exclusiveSets.has(source)) exclusiveSets.set(source, resource);
  const [exclusive] = equivalentNames.flatMap((name) => {
    const set = exclusiveSets.get(name);
    return set === undefined ? [] : [{ name, set }];
  });
  if (!exclusive) return;
  const other =
    exclusive.set.key === resource.key
      ? others.find(({ declarer }) => declarer.key !== resource.key)
      : { name: source, declarer: resource };
  if (!other) return;
  throw createExclusiveConflictError(
    { resource: describeResource(exclusive.set, other.declarer), source: exclusive.name },
    { resource: describeResource(other.declarer, exclusive.set), source: other.name },
  );
}

/** Records a pair, and refuses it if another resource has declared it. */
function declarePair(
  { names, resourcesByPair }: ProgramDeclarations,
  resource: ProgramResource,
  source: Source,
  sink: string,
): void {
  const [other] = [...names.findEquivalentNames(source)].flatMap((name) => {
    const owner = resourcesByPair.get(formatPairKey(name, sink)) ?? resource;
    return owner.key === resource.key ? [] : [{ name, owner }];
  });
  const key = formatPairKey(source, sink);
  if (!resourcesByPair.has(key)) resourcesByPair.set(key, resource);
  if (!other) return;
  throw createSamePairError(
    { resource: describeResource(other.owner, resource), source: other.name },
    { resource: describeResource(resource, other.owner), source },
    sink,
  );
}

/** Describes a resource for an error about it and another one: resources with different parents can have the same name. */
const describeResource = ({ label, key }: ProgramResource, other: ProgramResource): string =>
  label === other.label ? key : label;
