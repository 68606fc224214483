import * as v from "valibot";
import type { StateResource } from "./resource-state.js";
import { requireFormatVersion } from "./terraform-format.js";
import { marksSchema } from "./terraform-marks.js";
import {
  createTerraformRef,
  TERRAFORM_TYPE,
  terraformValuesSchema,
  toTerraformState,
} from "./terraform-values.js";

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
