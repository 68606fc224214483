import type * as pulumi from "@pulumi/pulumi";
import path from "node:path";
import { plainKeys, type PlainKey } from "datadog-org-connections-core/credentials/plain-keys.js";
import {
  ORGANIZATIONS_KEY,
  SECRET_KEYS,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import {
  projectFileIn,
  projectFilesAbove,
  readStackFile,
} from "datadog-org-connections-core/credentials/stack-file.js";
import { allConfig, getMonitor, getProject, getRootDirectory, getStack, isConfigSecret } from "./sdk.js";

/** The stack's configuration as the running program sees it. */
export const programConfig: ConfigReader = (key) => {
  const value = (allConfig() as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
};

/**
 * Refuses keys that stand in the stack's configuration in plain text: they would lie so in the state too. Only the
 * program can tell.
 *
 * The engine calls a setting secret as a whole when one value in it is. Of the organizations, a plain key beside a
 * secret can therefore be seen only in the stack's file, where that is at hand.
 */
export function refusePlainKeys(): void {
  const values = [...SECRET_KEYS, ORGANIZATIONS_KEY]
    .filter((key) => !isConfigSecret(key))
    .map((key) => [key, programConfig(key)] as const);
  const inState = plainKeys(new Map(values));
  if (inState.length > 0)
    throw keysInPlainText("The stack's configuration", inState, ", and so would the state");
  if (!isConfigSecret(ORGANIZATIONS_KEY)) return;
  const { file, keys } = ofStackFile();
  if (keys.length > 0) throw keysInPlainText(path.basename(file), keys, ", beside a secret");
}

function keysInPlainText(where: string, keys: readonly PlainKey[], more: string): OrgConnectionsError {
  const settings = keys.map(({ setting }) => `\`${setting}\``).join(", ");
  return new OrgConnectionsError("key-in-plain-text", {
    happened: `${where} holds ${settings} in plain text${more}.`,
    advice:
      `Set it again with --secret: ${keys[0]?.command ?? ""}` +
      (keys.length > 1 ? ", and likewise the others" : ""),
  });
}

/** By run, since one process can run several programs (the Automation API): each resource asks. */
const seen = new WeakMap<object, KeysOfFile>();

interface KeysOfFile {
  file: string;
  keys: PlainKey[];
}

function ofStackFile(): KeysOfFile {
  const run: object = getMonitor() ?? seen;
  const known = seen.get(run) ?? readKeysOfFile();
  seen.set(run, known);
  return known;
}

function readKeysOfFile(): KeysOfFile {
  const root = getRootDirectory();
  // Older language hosts do not tell the project's folder.
  const projectFiles = path.isAbsolute(root) ? [projectFileIn(root)] : projectFilesAbove(process.cwd());
  for (const projectFile of projectFiles) {
    const found =
      projectFile === undefined ? undefined : readStackFile(projectFile, getStack(), getProject());
    if (found) return { file: found.file, keys: plainKeys(found.config ?? new Map()) };
  }
  return { file: "", keys: [] };
}

/**
 * Refuses a `provider` option: Pulumi gives dynamic resources one provider of its own, so the option would have no
 * effect, and the connection would be made with the default keys. One inherited from a component is refused unless
 * `source` says whose keys are meant.
 */
export function refuseProvider(
  resource: string,
  source: unknown,
  opts: pulumi.CustomResourceOptions | undefined,
): void {
  const advice = `A dynamic resource has no provider to choose: name the organization whose keys to use in \`source\`.`;
  if (
    opts?.provider !== undefined ||
    (opts as pulumi.ComponentResourceOptions | undefined)?.providers !== undefined
  ) {
    throw new OrgConnectionsError("invalid-input", {
      happened: `${resource}: the option \`provider\` has no effect.`,
      advice,
    });
  }
  if (
    (source ?? undefined) === undefined &&
    opts?.parent?.getProvider("datadog:index:OrgConnection") !== undefined
  ) {
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `${resource} inherits a provider of the package datadog from its parent, and would still use the ` +
        `default keys.`,
      advice,
    });
  }
}
