import type { CommandContext } from "../shared/command.js";
import { parseJsonInput, readInput, type Input } from "../shared/read-input.js";

const EXPECTED_INPUT = "the complete output of `pulumi stack export`";

/** Reads the state of a stack from a file, or from standard input for `-`. `value` is the parsed JSON. */
export async function readState(
  file: string,
  context: Pick<CommandContext, "cwd" | "stdin">,
): Promise<{ value: unknown; name: Input["name"] }> {
  const input = await readInput(file, EXPECTED_INPUT, context);
  return { value: parseJsonInput(input, EXPECTED_INPUT), name: input.name };
}
