import type { CommandContext } from "../shared/command.js";
import { parseJsonInput, readInput, type Input } from "../shared/read-input.js";
import { STATE_DESCRIPTION } from "./state.js";

/** Reads a state from a file, or from standard input for `-`. `value` is the parsed JSON, and `name` is the name of the input. */
export async function readState(
  file: string,
  context: Pick<CommandContext, "cwd" | "stdin">,
): Promise<{ value: unknown; name: Input["name"] }> {
  const input = await readInput(file, STATE_DESCRIPTION, context);
  return { value: parseJsonInput(input, STATE_DESCRIPTION), name: input.name };
}
