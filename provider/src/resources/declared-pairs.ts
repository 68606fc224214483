import type * as pulumi from "@pulumi/pulumi";
import { ProgramDeclarations } from "datadog-org-connections-core/operation/program-declarations.js";
import { readProgramConfig } from "./program-guard.js";
import { copyValue } from "./program-inputs.js";
import { OrganizationNames } from "datadog-org-connections-core/credentials/organization-names.js";
import { createPerRun, all, output } from "./sdk.js";

/** A resource of a program. */
export interface ProgramResource {
  /** Formatted for messages: `OrgConnection "hub"`. */
  label: string;
  /** What identifies it, as {@link formatResourceKey} returns it. */
  key: string;
}

/** What one program has declared so far. */
export interface ProgramRun {
  names: OrganizationNames;
  declarations: ProgramDeclarations;
}

/**
 * Waits until the program has declared its other resources, as far as it does so synchronously: these declarations come before
 * the next turn of the event loop.
 */
export async function waitForDeclarations(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Returns what the current program has declared so far. */
export const getProgramRun = createPerRun((): ProgramRun => {
  const names = new OrganizationNames(() => ({ config: readProgramConfig, env: process.env }));
  return { names, declarations: new ProgramDeclarations(names) };
});

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
  const { declarations } = getProgramRun();
  const { key, label } = resource;
  // While a value is pending, other resources need what is known. A conflict is reported when all is known.
  const isSourceKnown = source === undefined || typeof source === "string";
  declarations.declare(key, {
    resource: label,
    ...(isSourceKnown && { source: { name: source } }),
    isExclusive: false,
  });
  const declareAll = (known: pulumi.Unwrap<T>, given: unknown, isExclusive: boolean) => {
    const name = given ?? undefined;
    // Check reports a value of a wrong type.
    if (name !== undefined && typeof name !== "string") return;
    const sinks = listSinks(known).flatMap((sink) =>
      typeof sink === "string" ? [sink.trim().toLowerCase()] : [],
    );
    const conflict = declarations.declare(key, { resource: label, source: { name }, sinks, isExclusive });
    if (conflict) throw conflict;
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
  const { declarations } = getProgramRun();
  return all([source, waitForDeclarations(), awaited]).apply(([given]) =>
    // Check refuses a value that is not a name.
    JSON.stringify(declarations.listPairs(typeof given === "string" ? given : undefined, resource.key)),
  );
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
