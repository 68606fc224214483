import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The files of the first stack, by their path in its folder: once for each process. */
let template: Promise<Map<string, string>> | undefined;

/**
 * Writes what `pulumi stack init` wrote for the first stack of this process, whose project must have the same name.
 *
 * @param create - runs `pulumi stack init`, for the first stack
 * @returns whether the stack is a copy, which is not selected
 */
export async function copyStack(folder: string, create: () => Promise<unknown>): Promise<boolean> {
  if (!template) {
    template = create().then(() => readStack(folder));
    await template;
    return false;
  }
  for (const [name, text] of await template) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    appendFileSync(path.join(folder, name), text);
  }
  return true;
}

/** Reads the files of `stack init`: the state, and the lines that it appended to the configuration. */
function readStack(folder: string): Map<string, string> {
  const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
  const entries = readdirSync(path.join(folder, "backend"), { recursive: true, withFileTypes: true });
  const names = entries.flatMap((entry) =>
    entry.isFile() ? [path.relative(folder, path.join(entry.parentPath, entry.name))] : [],
  );
  const lines = read("Pulumi.dev.yaml").match(/^(secretsprovider|encryptedkey): .*$/gm) ?? [];
  return new Map([
    ...names.map((name) => [name, read(name)] as const),
    ["Pulumi.dev.yaml", `\n${lines.join("\n")}\n`],
  ]);
}
