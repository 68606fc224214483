import * as v from "valibot";
import type { StateResource } from "./resource-state.js";
import {
  createTerraformRef,
  formatKey,
  marksSchema,
  TERRAFORM_TYPE,
  terraformValuesSchema,
  toTerraformState,
  type Marks,
} from "./terraform-resources.js";

/** The major version of the format of `terraform show -json` and `tofu show -json`. Minor versions are backward compatible. */
const FORMAT_MAJOR = "1";
const formatVersionSchema = v.object({ format_version: v.string() });

/**
 * Requires that the output of `terraform show -json` or `tofu show -json` has a format version that this package can read.
 *
 * @param name - the name of the input in messages
 * @throws if the format version is missing, invalid or not supported
 */
export function requireFormatVersion(value: unknown, name: string): void {
  const parsed = v.safeParse(formatVersionSchema, value);
  const version = parsed.success ? parsed.output.format_version : undefined;
  const major = version?.split(".")[0];
  if (major === FORMAT_MAJOR) return;
  const advice =
    Number(major) > Number(FORMAT_MAJOR)
      ? "Install a newer version of this package."
      : "Create the input again with Terraform 1.1 or newer, or with OpenTofu.";
  throw new Error(
    `${name} has ${version === undefined ? "no valid format_version" : `format_version ${JSON.stringify(version)}`}, but this package reads only ${FORMAT_MAJOR}.x. ${advice}`,
  );
}

const resourceSchema = v.object({
  address: v.string(),
  mode: v.string(),
  type: v.string(),
  values: terraformValuesSchema,
  sensitive_values: marksSchema,
  /** The key of an object that an interrupted replacement left behind. */
  deposed_key: v.optional(v.string()),
});

interface Module {
  resources?: v.InferOutput<typeof resourceSchema>[] | undefined;
  child_modules?: Module[] | undefined;
}
const moduleSchema: v.GenericSchema<unknown, Module> = v.object({
  resources: v.optional(v.array(resourceSchema)),
  child_modules: v.optional(v.array(v.lazy(() => moduleSchema))),
});

/** The values of a state. They are absent if the state is empty. */
export const stateValuesSchema = v.optional(v.object({ root_module: v.optional(moduleSchema, {}) }));

const showSchema = v.object({ values: stateValuesSchema });
/** The fields that only a plan has. */
const planFieldsSchema = v.union([
  v.object({ planned_values: v.unknown() }),
  v.object({ resource_changes: v.unknown() }),
]);

/** Whether an output of `terraform show -json` or `tofu show -json` shows a plan. */
export const isPlan = (value: unknown): boolean => v.is(planFieldsSchema, value);

/**
 * Parses a state in the output of `terraform show -json` or `tofu show -json`. Returns the resources that manage connections.
 *
 * @param state - the parsed JSON
 * @param name - the name of the file in messages, and the `location` of its resources
 * @throws an error that says what the input should be
 */
export function parseTerraformShow(state: unknown, name: string): StateResource[] {
  requireFormatVersion(state, name);
  if (isPlan(state)) {
    throw new Error(
      `${name} is a plan, not a state. Pass a plan to \`review\`. To show a state, run \`tofu show -json\` or ` +
        "`terraform show -json` without a plan file.",
    );
  }
  const parsed = v.safeParse(showSchema, state);
  if (parsed.success) return listStateResources(parsed.output.values, name);
  throw new Error(
    `${name} is not a state that this version can read: \`${v.getDotPath(parsed.issues[0]) ?? ""}\` is missing or invalid. Pass the ` +
      "complete output of `tofu show -json` or `terraform show -json`.",
  );
}

/**
 * Lists the resources that manage connections in the values of a state.
 *
 * @param location - the name of the file
 * @param options.getProvider - returns the key of a resource's provider configuration, such as `datadog.team1`, by the address of
 *   the resource
 * @param options.isLeavingState - returns whether the next apply deletes a deposed object or removes it from the state. Default:
 *   always true
 */
export function listStateResources(
  values: v.InferOutput<typeof stateValuesSchema>,
  location: string,
  {
    getProvider = () => undefined,
    isLeavingState = () => true,
  }: {
    getProvider?: (address: string) => string | undefined;
    isLeavingState?: (address: string, deposedKey: string) => boolean;
  } = {},
): StateResource[] {
  const listModule = ({ resources = [], child_modules: children = [] }: Module): StateResource[] => [
    ...resources.flatMap(({ address, mode, type, values: resourceValues, sensitive_values, deposed_key }) =>
      mode === "managed" && type === TERRAFORM_TYPE
        ? [
            {
              resource: createTerraformRef(location, address),
              state: toTerraformState(
                resourceValues,
                { sensitive: sensitive_values },
                {
                  provider: getProvider(address),
                  delete: deposed_key !== undefined && isLeavingState(address, deposed_key),
                },
              ),
            },
          ]
        : [],
    ),
    ...children.flatMap(listModule),
  ];
  return values ? listModule(values.root_module) : [];
}

/** The version of the format of state files, since Terraform 0.12. */
const STATE_VERSION = 4;

/**
 * The schema of a path to a sensitive value. It returns the name of the attribute in the first step of the path. If the path cannot
 * be read, the schema returns null, and all attributes count as sensitive.
 */
const sensitivePathSchema = v.fallback(
  v.nullable(
    v.pipe(
      v.looseTuple([v.object({ type: v.literal("get_attr"), value: v.string() })]),
      v.transform(([{ value }]) => value),
    ),
  ),
  null,
);

const instanceSchema = v.object({
  /** The key of `for_each`, or the index of `count`. */
  index_key: v.optional(v.union([v.string(), v.number()])),
  /** The key of an object that an interrupted replacement left behind. */
  deposed: v.optional(v.string()),
  attributes: terraformValuesSchema,
  sensitive_attributes: v.pipe(
    v.optional(v.array(sensitivePathSchema), []),
    v.transform((fields): Marks =>
      fields.includes(null) ? "all" : new Set(fields.filter((one) => one !== null)),
    ),
  ),
});

const stateSchema = v.object({
  version: v.literal(STATE_VERSION),
  lineage: v.fallback(v.optional(v.string()), undefined),
  resources: v.optional(
    v.array(
      v.object({
        module: v.optional(v.string()),
        mode: v.string(),
        type: v.string(),
        name: v.string(),
        provider: v.optional(v.string()),
        instances: v.optional(v.array(instanceSchema), []),
      }),
    ),
    [],
  ),
});

const versionSchema = v.object({ version: v.number() });

/**
 * Parses a state file of Terraform or OpenTofu, or the output of `terraform state pull`. Returns the resources that manage
 * connections.
 *
 * @param state - the parsed JSON
 * @param name - the name of the file in messages, and the `location` of its resources
 * @throws an error that says what the input should be
 */
export function parseTerraformState(state: unknown, name: string): StateResource[] {
  const parsed = v.safeParse(stateSchema, state);
  if (!parsed.success) throw new Error(formatProblem(state, name, v.getDotPath(parsed.issues[0]) ?? ""));
  return parsed.output.resources
    .filter(({ mode, type }) => mode === "managed" && type === TERRAFORM_TYPE)
    .flatMap(({ module, type, name: label, provider, instances }) =>
      instances.map(({ index_key: key, deposed, attributes, sensitive_attributes: sensitive }) => ({
        resource: createTerraformRef(
          name,
          `${module === undefined ? "" : `${module}.`}${type}.${label}${formatKey(key)}`,
          parsed.output.lineage,
        ),
        state: toTerraformState(attributes, { sensitive }, { provider, delete: deposed !== undefined }),
      })),
    );
}

function formatProblem(state: unknown, name: string, path: string): string {
  const parsed = v.safeParse(versionSchema, state);
  if (parsed.success && parsed.output.version !== STATE_VERSION) {
    return (
      `${name} has version ${parsed.output.version} of the Terraform state format, but only version ${STATE_VERSION} can be read. ` +
      `Pass the output of \`tofu show -json\` or \`terraform show -json\`.`
    );
  }
  return `${name} is not a Terraform state that this version can read: \`${path}\` is missing or invalid. Pass the complete file.`;
}
