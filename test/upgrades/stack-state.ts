/** The format of recordings: states and previews of Pulumi, without what differs between two runs. */
import * as v from "valibot";

const properties = v.record(v.string(), v.unknown());
const resourceSchema = v.looseObject({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string()),
  /** Whether the program only reads it. */
  external: v.optional(v.boolean(), false),
  provider: v.optional(v.string()),
  inputs: v.optional(properties, {}),
  outputs: v.optional(properties, {}),
});
const stateSchema = v.object({
  version: v.literal(3),
  deployment: v.object({ resources: v.array(resourceSchema) }),
});
const previewSchema = v.object({
  steps: v.array(v.looseObject({ op: v.string(), urn: v.string() })),
  changeSummary: v.record(v.string(), v.number()),
});

/** A resource in a state. */
export type StackResource = v.InferOutput<typeof resourceSchema>;
/** A preview. */
export type StackPreview = v.InferOutput<typeof previewSchema>;

/** Parses the output of `pulumi stack export`, or the part of it that a recording has. */
export const parseStackState = (text: string): StackResource[] =>
  v.parse(stateSchema, JSON.parse(text)).deployment.resources;

/** Parses the output of `pulumi preview --json`, or the part of it that a recording has. */
export const parsePreview = (text: string): StackPreview => v.parse(previewSchema, JSON.parse(text));

/** Lists the operations of a preview, with its counts. */
export const listOperations = ({ steps, changeSummary }: StackPreview) => ({
  changeSummary,
  steps: steps.map(({ op, urn }) => `${op} ${urn}`).sort(),
});

const isProvider = ({ type }: StackResource): boolean => type.startsWith("pulumi:providers:");
/** Whether a resource is one of this package, as a connection or a set. */
export const isOwnResource = (resource: StackResource): boolean =>
  resource.type.includes("datadog") && !isProvider(resource);

/** Returns the name of the provider that a resource uses: urn:pulumi:STACK::PROJECT::TYPE::NAME::ID. */
export const getProviderName = ({ provider = "" }: StackResource): string => provider.split("::")[3] ?? "";

/** Sorts resources so that each comes after its parent and its provider. */
export const sortResources = <Resource extends StackResource>(resources: readonly Resource[]): Resource[] =>
  resources.toSorted((a, b) => getRank(a) - getRank(b) || (a.urn < b.urn ? -1 : 1));

const getRank = (resource: StackResource): number =>
  resource.type === "pulumi:pulumi:Stack" ? 0 : isProvider(resource) ? 1 : 2;
