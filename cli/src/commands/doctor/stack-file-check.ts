import path from "node:path";
import { formatArgument } from "datadog-org-connections-core/text/escape-text.js";
import { findPlainTextCredentials } from "datadog-org-connections-core/credentials/plain-text-credentials.js";
import { findStackFile } from "../../stack/pulumi.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";

/**
 * Checks whether the configuration file of a stack contains a key or token in plain text. Reads the file, because the engine does
 * not say which values are in plain text: if one value of a setting is a secret, the engine marks the whole setting as secret.
 *
 * @param cwd - the folder of the project, or a folder below it
 */
export function checkStackFile(stack: string, cwd: string): Check {
  const found = findStackFile(stack, cwd);
  if (!found?.config) {
    const name = found ? path.relative(cwd, found.file) : "The configuration file of the stack";
    return createUnknown(
      "stack",
      `${name} cannot be read, so it is unknown whether it contains a key or token in plain text.`,
    );
  }
  const file = path.relative(cwd, found.file);
  const [first, ...others] = findPlainTextCredentials(found.config);
  if (!first) return createOk("stack", `${file} contains no key or token in plain text.`);
  const settings = [first, ...others].map(({ setting }) => `\`${setting}\``).join(", ");
  const more = others.length === 0 ? "" : ". Do the same for the other settings.";
  return createProblem(
    "stack",
    "credential-in-plain-text",
    `${file} contains ${settings} in plain text.`,
    `Revoke the key or token in Datadog and set a new one as a secret: ${first.command} --stack ${formatArgument(stack)}${more}`,
  );
}
