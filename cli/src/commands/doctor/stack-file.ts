import path from "node:path";
import { plainKeys } from "datadog-org-connections-core/credentials/plain-keys.js";
import { projectFilesAbove, readStackFile } from "datadog-org-connections-core/credentials/stack-file.js";
import { ok, problem, unknown, type Check } from "./check.js";

/**
 * Whether a key stands in plain text in the file of a stack. Only the file shows it: the engine calls all organizations
 * secret when one value of theirs is.
 *
 * @param cwd - the folder of the project, or one below it
 */
export async function stackFileCheck(stack: string, cwd: string): Promise<Check> {
  const [projectFile] = projectFilesAbove(cwd);
  const { parse } = await import("yaml");
  // Pulumi's own parser comes with its SDK, which is not there where the command is installed alone.
  const parseYaml = (text: string): unknown => parse(text, { merge: true, logLevel: "error" });
  const found =
    projectFile === undefined ? undefined : readStackFile(projectFile, stack, undefined, parseYaml);
  if (!found?.config) {
    const name = found ? path.relative(cwd, found.file) : "The stack's file";
    return unknown("stack", `${name} cannot be read, so a key in plain text in it cannot be seen.`);
  }
  const file = path.relative(cwd, found.file);
  const [first, ...others] = plainKeys(found.config);
  if (!first) return ok("stack", `${file} holds no key in plain text.`);
  const settings = [first, ...others].map(({ setting }) => `\`${setting}\``).join(", ");
  const likewise = others.length === 0 ? "" : ", and likewise the others";
  return problem(
    "stack",
    "key-in-plain-text",
    `${file} holds ${settings} in plain text.`,
    `Replace the key at Datadog, since it could be read, and set the new one as a secret: ${first.command} --stack ${stack}${likewise}`,
  );
}
