import * as v from "valibot";
import { parsePulumiState } from "./pulumi-state.js";
import type { StateResource } from "./resource-state.js";
import { parseTerraformShow } from "./terraform-show.js";
import { parseTerraformState } from "./terraform-state.js";

/** What a state can be, for messages. */
export const STATE_DESCRIPTION =
  "the complete output of `pulumi stack export`, `tofu show -json` or `terraform show -json`, or a Terraform state file";

/**
 * The stacks of exported states, as `project/stack`. Contains `undefined` for a state without resources, which does not name its
 * stack.
 */
export type StateLocations = ReadonlySet<string | undefined>;

/** Selects the parser of a state by the fields that only one format has. */
const formatSchema = v.union([
  v.pipe(
    v.object({ deployment: v.unknown() }),
    v.transform(() => parsePulumiState),
  ),
  v.pipe(
    v.object({ format_version: v.unknown() }),
    v.transform(() => parseTerraformShow),
  ),
  v.pipe(
    v.object({ version: v.unknown(), terraform_version: v.unknown() }),
    v.transform(() => parseTerraformState),
  ),
  v.pipe(
    v.object({ encrypted_data: v.unknown() }),
    v.transform(() => rejectEncrypted),
  ),
]);

/**
 * Parses a state. Returns the resources that manage connections, without references (`OrgConnection.get`) or data sources. Accepts
 * these formats:
 * - the output of `pulumi stack export`
 * - the output of `terraform show -json` or `tofu show -json`
 * - a state file of Terraform or OpenTofu
 *
 * @param state - the parsed JSON
 * @param name - the name of the input in messages, and the `location` of the resources of a Terraform state
 * @throws an error that says what the input should be
 */
export function parseState(state: unknown, name: string): StateResource[] {
  const format = v.safeParse(formatSchema, state);
  if (!format.success) throw new Error(`${name} is not a state. Pass ${STATE_DESCRIPTION}.`);
  return format.output(state, name);
}

function rejectEncrypted(_state: unknown, name: string): never {
  throw new Error(
    `${name} is an encrypted state of OpenTofu. Pass the output of \`tofu show -json\`, which is decrypted.`,
  );
}
