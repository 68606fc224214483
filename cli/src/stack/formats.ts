import { parseJson } from "datadog-org-connections-core/text/data.js";
import * as v from "valibot";
import type { CommandContext } from "../shared/command.js";
import { parseJsonInput, readInput, type Input } from "../shared/read-input.js";
import { EXPECTED_INPUT, parsePulumiPreview } from "./pulumi-preview.js";
import { parsePulumiState } from "./pulumi-state.js";
import type { StateResource } from "./resource-state.js";
import type { Preview } from "./step.js";
import { parsePlan } from "./terraform-plan.js";
import { parseTerraformShow, parseTerraformState } from "./terraform-state.js";

/** What a state can be, for messages. */
const STATE_DESCRIPTION =
  "the complete output of `pulumi stack export`, `tofu show -json` or `terraform show -json`, or a Terraform state file";

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

/** Reads a state from a file, or from standard input for `-`. `value` is the parsed JSON, and `name` is the name of the input. */
export async function readState(
  file: string,
  context: Pick<CommandContext, "cwd" | "stdin">,
): Promise<{ value: unknown; name: Input["name"] }> {
  const input = await readInput(file, STATE_DESCRIPTION, context);
  return { value: parseJsonInput(input, STATE_DESCRIPTION), name: input.name };
}

/** The output of `terraform show -json` or `tofu show -json`, for a plan or a state. */
const terraformOutputSchema = v.object({ format_version: v.unknown() });

/**
 * Parses a preview or a plan. Accepts the output of these commands:
 * - `pulumi preview --json`, also with PULUMI_ENABLE_STREAMING_JSON_PREVIEW
 * - `terraform show -json PLAN` or `tofu show -json PLAN`
 *
 * @param name - the name of the input in messages, such as `preview.json`, and the `location` of the resources of a plan
 * @throws an error that says what is wrong with the input
 */
export function parsePreview(text: string, name: string): Preview {
  // A shell may have added a byte order mark.
  const body = text.replace(/^\uFEFF/, "").trimEnd();
  if (body.trim() === "") throw new Error(`${name} is empty. ${EXPECTED_INPUT}`);
  const json = parseJson(body);
  return v.is(terraformOutputSchema, json) ? parsePlan(json, name) : parsePulumiPreview(body, json, name);
}
