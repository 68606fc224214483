import type { Phrase } from "../../changes/phrase.js";
import { escapeMarkdown, formatCode } from "../../shared/markdown.js";

/** A sentence as Markdown of GitHub and GitLab. */
export function formatPhrase(sentence: Phrase): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("outside" in part) return escapeMarkdown(part.outside);
      return "code" in part ? formatCode(part.code) : `**${formatPhrase(part.strong)}**`;
    })
    .join("");
}
