import type { Draft } from "../draft.js";
import { formatComment } from "../literal.js";
import { go } from "./go.js";
import { python } from "./python.js";
import type { ProgramLanguage } from "./program-language.js";
import { listResources } from "./resources.js";
import { yaml } from "./yaml.js";

const LANGUAGES = { yaml, python, go } satisfies Record<string, ProgramLanguage>;

/** A language in which `discover` writes programs for the plugin. */
export type PluginLanguage = keyof typeof LANGUAGES;

/**
 * Formats a draft as a program for the plugin.
 *
 * @param day - when the connections were read: `2026-11-25`
 */
export function formatPluginProgram(draft: Draft, language: PluginLanguage, day: string): string {
  const { comment, formatProgram } = LANGUAGES[language];
  const head = [
    `Declares, with the plugin datadog-org-connections, the cross-organization connections that were live on ${day}. Written by ` +
      `\`datadog-org-connections discover\`. ${describeUp(draft)}`,
    ...draft.remarks,
  ];
  const comments = head.flatMap((text, at) => [
    ...(at === 0 ? [] : [comment]),
    ...formatComment(text).map((line) => line.replace("//", comment)),
  ]);
  return `${[...comments, "", ...formatProgram(listResources(draft))].join("\n")}\n`;
}

const describeUp = ({ adopt }: Draft): string =>
  adopt
    ? "`pulumi preview` reports that each connection will be adopted. `pulumi up` adopts the connections into the state and changes nothing in " +
      "Datadog. Then remove `adopt`."
    : "The connections move from @pulumi/datadog. `pulumi up` writes only the state and changes nothing in Datadog. Then remove the aliases.";
