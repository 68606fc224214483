import type { SandboxSeed } from "datadog-org-connections-sandbox";
import type { CommandContext } from "../../shared/command.js";
import { parseJsonInput, readInput } from "../../shared/read-input.js";

const EXPECTED = "a seed: a JSON object with `accounts`, each with `organizations`";

/** Reads the seed of a sandbox from JSON. @throws an error that names the file or standard input, and an invalid field if there is one */
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
