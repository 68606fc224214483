import * as v from "valibot";
import type { ResourceState } from "./resource-state.js";
import type { Preview, PreviewStep } from "./step.js";
import {
  configurationSchema,
  createProviderFinder,
  createTerraformRef,
  marksSchema,
  TERRAFORM_TYPE,
  terraformValuesSchema,
  toTerraformState,
} from "./terraform-resources.js";
import { isPlan, listStateResources, requireFormatVersion, stateValuesSchema } from "./terraform-state.js";

const changeSchema = v.object({
  actions: v.array(v.string()),
  before: v.nullish(terraformValuesSchema),
  after: v.nullish(terraformValuesSchema),
  after_unknown: marksSchema,
  before_sensitive: marksSchema,
  after_sensitive: marksSchema,
  /** An `import` block. The ID may be missing, for example if it is not known before the apply. */
  importing: v.nullish(v.object({ id: v.optional(v.string()) })),
});

const resourceChangeSchema = v.object({
  address: v.string(),
  /** The address in the state, if a `moved` block changes it, or if `count` was added or removed. */
  previous_address: v.optional(v.string()),
  mode: v.string(),
  type: v.string(),
  /** The key of an object that an interrupted replacement left behind. */
  deposed: v.optional(v.string()),
  change: changeSchema,
});
type ResourceChange = v.InferOutput<typeof resourceChangeSchema>;

const planSchema = v.object({
  resource_changes: v.optional(v.array(resourceChangeSchema), []),
  resource_drift: v.optional(v.array(resourceChangeSchema), []),
  deferred_changes: v.optional(
    v.array(v.object({ reason: v.optional(v.string()), resource_change: resourceChangeSchema })),
    [],
  ),
  prior_state: v.optional(v.object({ values: stateValuesSchema })),
  configuration: configurationSchema,
  errored: v.optional(v.boolean(), false),
  complete: v.optional(v.boolean(), true),
});

/**
 * Parses the output of `tofu show -json PLAN` or `terraform show -json PLAN`.
 *
 * @param plan - the parsed JSON
 * @param name - the name of the file in messages, and the `location` of its resources
 * @throws an error that says what the input should be, or which action this version does not know
 */
export function parsePlan(plan: unknown, name: string): Preview {
  requireFormatVersion(plan, name);
  if (!isPlan(plan)) {
    throw new Error(
      `${name} is not a plan. Pass the output of \`terraform show -json PLAN\` or \`tofu show -json PLAN\`.`,
    );
  }
  const parsed = v.safeParse(planSchema, plan);
  if (!parsed.success) {
    throw new Error(
      `${name} is not a plan that this version can read: \`${v.getDotPath(parsed.issues[0]) ?? ""}\` is missing or invalid. Pass the ` +
        "complete output of `tofu show -json PLAN` or `terraform show -json PLAN`.",
    );
  }
  const { resource_changes, resource_drift, deferred_changes, prior_state, configuration } = parsed.output;
  const findProvider = createProviderFinder(configuration);
  const toSteps = (all: readonly ResourceChange[], convert: typeof toStep): PreviewStep[] =>
    all.filter(isConnection).flatMap((change) => convert(change, name, findProvider(change.address)));
  return {
    kind: "plan",
    location: name,
    steps: [...toSteps(resource_drift, toDriftStep), ...toSteps(resource_changes, toStep)],
    state: listStateResources(prior_state?.values, name, {
      getProvider: findProvider,
      isLeavingState: createLeavingStateCheck(resource_changes, name),
    }),
    showsUnchanged: true,
    config: {},
    diagnostics: parsed.output.errored
      ? [
          {
            severity: "error",
            message: `${name} contains a plan that failed (\`errored\`). Create a new plan.`,
          },
        ]
      : [],
    notes: [
      ...deferred_changes
        .filter((one) => isConnection(one.resource_change))
        .map(
          ({ resource_change: { address }, reason }) =>
            `${name} defers the change of ${address}${reason === undefined ? "" : ` (${reason})`}: it is part of neither this apply nor this report.`,
        ),
      ...(parsed.output.complete
        ? []
        : [`${name} is incomplete. After you apply it, create another plan and review that plan too.`]),
    ],
  };
}

const isConnection = ({ mode, type }: ResourceChange): boolean =>
  mode === "managed" && type === TERRAFORM_TYPE;

/**
 * Creates a function that returns whether a plan deletes a deposed object or removes it from the state. With `-target` or
 * `-refresh-only`, a plan may leave the object in the state.
 */
function createLeavingStateCheck(
  changes: readonly ResourceChange[],
  location: string,
): (address: string, deposedKey: string) => boolean {
  const formatObject = (address: string, deposedKey: string): string => JSON.stringify([address, deposedKey]);
  const objects = new Set(
    changes.filter(isConnection).flatMap(({ address, previous_address, deposed, change }) => {
      if (deposed === undefined || parseActions(change.actions, address, location)?.op !== "delete")
        return [];
      // The prior state may have a moved object under either address.
      return [address, previous_address ?? address].map((one) => formatObject(one, deposed));
    }),
  );
  return (address, deposedKey) => objects.has(formatObject(address, deposedKey));
}

/** The resource before and after a change. */
interface Sides {
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
}

/** Reads both sides of a change. */
function readSides({ change, deposed }: ResourceChange, provider: string | undefined): Sides {
  const { before, after, importing } = change;
  const values = importing?.id === undefined ? before : { ...before, id: importing.id };
  return {
    old: values
      ? toTerraformState(
          values,
          { sensitive: change.before_sensitive },
          { provider, delete: deposed !== undefined },
        )
      : undefined,
    new: after
      ? toTerraformState(
          after,
          { sensitive: change.after_sensitive, unknown: change.after_unknown },
          { provider },
        )
      : undefined,
  };
}

/** Converts a change of the plan. Returns no step if the plan only reads the resource. */
function toStep(change: ResourceChange, location: string, provider: string | undefined): PreviewStep[] {
  const action = parseActions(change.change.actions, change.address, location);
  if (!action) return [];
  const { op, isForgotten, deleteFirst } = action;
  const { old, new: next } = readSides(change, provider);
  const {
    address,
    previous_address,
    change: { importing },
  } = change;
  return [
    {
      // An import adds the connection to the state, even if the connection itself does not change.
      op: importing && op === "same" ? "update" : op,
      resource: createTerraformRef(location, address),
      formerAddress: previous_address,
      old: old && { ...old, retainOnDelete: isForgotten, pendingReplacement: deleteFirst },
      new: next,
      isImport: importing ? true : undefined,
    },
  ];
}

/** Converts a difference that the refresh found between the state and Datadog. */
function toDriftStep(change: ResourceChange, location: string, provider: string | undefined): PreviewStep[] {
  const { old, new: next } = readSides(change, provider);
  return [
    {
      op: next ? "refresh" : "delete",
      resource: createTerraformRef(location, change.address),
      formerAddress: change.previous_address,
      old,
      new: next,
      isRefresh: true,
    },
  ];
}

/** What a plan does to a resource. */
interface PlannedAction {
  /** The operation, as Pulumi's engine names it. */
  op: "same" | "create" | "update" | "replace" | "delete";
  /** Whether the old object leaves the state but is not deleted, for example because of `lifecycle { destroy = false }`. */
  isForgotten: boolean;
  /** Whether the old object is deleted before the new one is created. */
  deleteFirst: boolean;
}

const defineAction = (op: PlannedAction["op"], more: Partial<PlannedAction> = {}): PlannedAction => ({
  op,
  isForgotten: false,
  deleteFirst: false,
  ...more,
});

/**
 * The planned actions. Each key is the list of actions of a change, joined with spaces (internal/command/jsonplan/plan.go in
 * hashicorp/terraform and opentofu/opentofu).
 */
const ACTIONS: ReadonlyMap<string, PlannedAction> = new Map([
  ["no-op", defineAction("same")],
  ["create", defineAction("create")],
  ["update", defineAction("update")],
  ["delete", defineAction("delete")],
  ["delete create", defineAction("replace", { deleteFirst: true })],
  ["create delete", defineAction("replace")],
  ["forget", defineAction("delete", { isForgotten: true })],
  ["create forget", defineAction("replace", { isForgotten: true })],
  ["forget create", defineAction("replace", { isForgotten: true })],
]);

/**
 * Parses the actions of a change.
 *
 * @param file - the name of the plan in messages
 * @returns `undefined` if the change only reads the resource
 * @throws if this version does not know the actions
 */
function parseActions(actions: readonly string[], address: string, file: string): PlannedAction | undefined {
  const joined = actions.join(" ");
  if (joined === "read") return undefined;
  const action = ACTIONS.get(joined);
  if (action) return action;
  throw new Error(
    `${file} contains actions that this version does not know: ${JSON.stringify(actions)} of ${address}. Install a newer version ` +
      "of this package.",
  );
}
