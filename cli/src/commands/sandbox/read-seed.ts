import type { SandboxSeed } from "datadog-org-connections-sandbox";
import type { CommandContext } from "../../shared/command.js";
import { parseJsonInput, readInput } from "../../shared/read-input.js";

const EXPECTED = "a seed: a JSON object with `accounts`, each with `organizations`";

/**
 * Reads the seed of a sandbox from a JSON file, or from standard input for `-`.
 *
 * @throws an error that names the input and, if a field is invalid, the field
 */
export async function readSeed(
  file: string,
  context: Pick<CommandContext, "cwd" | "stdin">,
): Promise<SandboxSeed> {
  const { parseSeed } = await import("datadog-org-connections-sandbox");
  const input = await readInput(file, EXPECTED, context);
  const value = parseJsonInput(input, EXPECTED);
  try {
    return parseSeed(value);
  } catch (error) {
    throw new Error(
      `${input.name} is not a seed: ${error instanceof Error ? error.message : String(error)}.`,
      {
        cause: error,
      },
    );
  }
}
