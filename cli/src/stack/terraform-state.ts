import * as v from "valibot";
import { formatKey } from "./terraform-address.js";
import type { StateResource } from "./resource-state.js";
import type { Marks } from "./terraform-marks.js";
import {
  createTerraformRef,
  TERRAFORM_TYPE,
  terraformValuesSchema,
  toTerraformState,
} from "./terraform-values.js";

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
