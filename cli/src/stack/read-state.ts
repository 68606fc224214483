import type { CommandContext } from "../shared/command.js";
import { parseJsonInput, readInput, type Input } from "../shared/read-input.js";

const WANTED = "the complete output of `pulumi stack export`";

/** Reads the state of a stack from a file, or from standard input for `-`; `value` is what it holds, parsed from JSON. */
export async function readState(
  file: string,
  context: Pick<CommandContext, "cwd" | "stdin">,
): Promise<{ value: unknown; name: Input["name"] }> {
  const input = await readInput(file, WANTED, context);
  return { value: parseJsonInput(input, WANTED), name: input.name };
}
