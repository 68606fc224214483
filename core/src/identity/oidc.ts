import { execFile, type ExecFileException } from "node:child_process";
import { open, stat } from "node:fs/promises";
import type { OidcIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { parseJson } from "../text/data.js";
import { findErrorCode, findErrorName } from "./library.js";
import { checkToken, formatAudience, MAX_TOKEN_LENGTH, type TokenOrigin } from "./jwt.js";
import { formatVariable, readVariable, type ProofContext, type Variable } from "./proof-context.js";
import * as v from "valibot";

/** The name of the environment variable in which the command finds the audience. */
const AUDIENCE_VARIABLE = "DD_OIDC_AUDIENCE";

/** A token, and its origin. */
interface FoundToken {
  text: string;
  origin: Pick<TokenOrigin, "name" | "contentAdvice">;
}

/** Obtains a token from the value of a variable: the token itself, its file, or a command that prints it. */
type ReadToken = (variable: Variable, audience: string, context: ProofContext) => Promise<FoundToken>;

/** The variables that provide a token, in order of precedence. */
const READERS: readonly [name: string, readToken: ReadToken][] = [
  ["DD_OIDC_TOKEN", readFromVariable],
  ["DD_OIDC_TOKEN_FILE", readFromFile],
  ["DD_OIDC_TOKEN_COMMAND", readFromCommand],
];

/**
 * Obtains the proof of an OpenID Connect identity: `oidc-` and the token. Datadog's Terraform provider uses this format for the
 * tokens of Terraform Enterprise. The issuer must be registered at Datadog with `org_uuid_source` set to `aud`. Datadog then takes
 * the UUID of the organization from the audience:
 * https://docs.datadoghq.com/api/latest/cloud-authentication/create-a-custom-oidc-provider/
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`, `invalid-configuration`
 */
export async function obtainOidcProof(
  identity: OidcIdentity,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  const audience = formatAudience(organizationId);
  const { text, origin } = await findToken(identity, audience, context);
  const advice = {
    audienceAdvice:
      `Request a token with the audience "${audience}" and no other audience that starts with "datadog/" (for GitLab, set \`aud\` in ` +
      `\`id_tokens\`). Each ` +
      `organization needs its own token, for example in ${formatVariable(context, "DD_OIDC_TOKEN")}.`,
    renewAdvice: "Issue a new token.",
  };
  return `oidc-${checkToken(text, organizationId, { ...origin, ...advice }, context).text}`;
}

/**
 * Finds the token by the setting `tokenFile` or `tokenVariable`. Without these settings, reads the variables of {@link READERS}.
 * Variables with the organization's suffix take precedence. A command is read only from the environment. If the stack's
 * configuration could contain a command, a pull request could run programs.
 */
async function findToken(
  { tokenFile, tokenVariable }: OidcIdentity,
  audience: string,
  context: ProofContext,
): Promise<FoundToken> {
  if (tokenFile !== undefined)
    return readFromFile({ name: "`tokenFile`", value: tokenFile }, audience, context);
  if (tokenVariable !== undefined) {
    const variable = readVariable(context, tokenVariable);
    if (variable !== undefined) return readFromVariable(variable);
    throw createMissingError(
      `${tokenVariable}, which the setting \`tokenVariable\` names, is not set`,
      `Set ${tokenVariable} to a token for the audience "${audience}".`,
      context,
    );
  }
  for (const format of [(name: string) => formatVariable(context, name), (name: string) => name]) {
    for (const [name, readToken] of READERS) {
      const variable = readVariable(context, format(name));
      if (variable !== undefined) return readToken(variable, audience, context);
    }
  }
  const names = READERS.map(([name]) => formatVariable(context, name));
  throw createMissingError(
    "no token is set",
    `Set ${names.join(", or ")}: a token for the audience "${audience}", the file that contains it, or a command that prints it.`,
    context,
  );
}

function readFromVariable({ name, value }: Variable): Promise<FoundToken> {
  return Promise.resolve({
    text: value,
    origin: { name, contentAdvice: `Set ${name} to the token only, without quotes or other text.` },
  });
}

async function readFromFile(
  { name, value }: Variable,
  audience: string,
  context: ProofContext,
): Promise<FoundToken> {
  const result = await readTokenFile(value);
  const origin = {
    name: `${value} (${name})`,
    contentAdvice: "The file must contain the token only, without quotes or other text.",
  };
  if ("text" in result) return { text: result.text, origin };
  throw createMissingError(
    `${origin.name} ${result.problem}`,
    `Write a token for the audience "${audience}" to this file, or correct ${name}.`,
    context,
  );
}

async function readFromCommand(
  { name, value }: Variable,
  audience: string,
  context: ProofContext,
): Promise<FoundToken> {
  const command = parseTokenCommand(value);
  if (command === undefined) {
    throw new OrgConnectionsError("invalid-configuration", {
      happened: `The value of ${name}, for ${context.label}, is neither the path of a program nor a JSON array of a program and its arguments.`,
      advice: `To use a shell, set it to ["sh", "-c", "COMMAND"]. COMMAND can read the audience from the variable ${AUDIENCE_VARIABLE}.`,
    });
  }
  const result = await runTokenCommand(command, audience, context);
  switch (result.kind) {
    case "printed":
      return {
        text: result.text,
        origin: {
          name: `the command in ${name}`,
          contentAdvice: "The command must print the token only, to standard output.",
        },
      };
    case "timed-out":
      throw new OrgConnectionsError("issuer-unreachable", {
        happened:
          `The command in ${name}, which proves the workload identity of ${context.label}, did not finish within ` +
          `${Math.round(context.timeoutMs / 1000)} s.`,
        advice: "Run it by hand, and check whether it waits for input or for the network.",
      });
    case "failed":
      throw createMissingError(
        `the command in ${name} ${result.problem}`,
        `Run the command by hand with ${AUDIENCE_VARIABLE}="${audience}" to find the cause. Its output may contain secrets, so it is not ` +
          `shown here. To pass arguments, set ${name} to a JSON array of the program and its arguments.`,
        context,
      );
  }
}

function createMissingError(problem: string, advice: string, { label }: ProofContext): OrgConnectionsError {
  return new OrgConnectionsError("identity-missing", {
    happened: `The workload identity of ${label} cannot be proven: ${problem}.`,
    advice,
  });
}

/** The start of a file, or why the file cannot be read. */
type FileResult = { text: string } | { problem: string };

/** Reads the start of a token file. Reads slightly more than the maximum length of a token, to detect a token that is too long. */
async function readTokenFile(path: string): Promise<FileResult> {
  try {
    // Opening a named pipe would wait until another process writes to it.
    if (!(await stat(path)).isFile()) return { problem: "is not a file" };
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TOKEN_LENGTH + 1024));
      return { text: buffer.toString("utf8", 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = findErrorCode(error);
    return { problem: code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? "unknown error"})` };
  }
}

/** What a command printed, or why its output cannot be used. */
type CommandResult =
  { kind: "printed"; text: string } | { kind: "timed-out" } | { kind: "failed"; problem: string };

/** A program and its arguments. */
type Command = [program: string, ...args: string[]];

/** A program or an argument. Node.js does not start a program if its name or an argument contains a NUL character. */
const partSchema = v.pipe(
  v.string(),
  v.check((text) => !text.includes("\0")),
);
const commandSchema = v.tupleWithRest([v.pipe(partSchema, v.nonEmpty())], partSchema);

/**
 * Parses a command: a program, or a JSON array of a program and its arguments. No shell runs the command, so it needs no shell
 * quotes. Returns `undefined` if the command is invalid.
 */
function parseTokenCommand(text: string): Command | undefined {
  const parsed = v.safeParse(commandSchema, text.startsWith("[") ? parseJson(text) : [text]);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Runs a command that prints a token. The time and the output of the command are limited. Standard error is discarded, because it
 * may contain secrets.
 */
function runTokenCommand(
  [program, ...args]: Command,
  audience: string,
  { env, timeoutMs }: ProofContext,
): Promise<CommandResult> {
  const options = {
    env: { ...env, [AUDIENCE_VARIABLE]: audience },
    encoding: "utf8",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    // More than the length of a token, because `maxBuffer` also limits standard error, which may contain warnings.
    maxBuffer: 4 * MAX_TOKEN_LENGTH,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    try {
      const child = execFile(program, args, options, (error, stdout) =>
        resolve(error ? explainFailure(error) : { kind: "printed", text: stdout }),
      );
      child.stdin?.end();
    } catch (error) {
      // Node.js throws some errors, such as ENOTDIR and E2BIG, instead of passing them to the callback.
      resolve({ kind: "failed", problem: `did not run (${findErrorCode(error) ?? findErrorName(error)})` });
    }
  });
}

/** Explains why a command failed. Does not use the message of the error, which contains the arguments and standard error. */
function explainFailure({ code, killed, signal }: ExecFileException): CommandResult {
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { kind: "failed", problem: "printed too much" };
  if (code === "ENOENT") return { kind: "failed", problem: "does not exist" };
  if (typeof code === "number") return { kind: "failed", problem: `exited with code ${code}` };
  // `killed` means that Node ended the command. The limit of the output is handled above, so the cause is the timeout.
  if (killed === true) return { kind: "timed-out" };
  if (typeof signal === "string") return { kind: "failed", problem: `was terminated by ${signal}` };
  return { kind: "failed", problem: `did not run (${String(code)})` };
}
