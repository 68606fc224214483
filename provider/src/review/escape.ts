import type { Phrase } from "../changes/phrase.js";

/** What is shown of a name or a reason, in characters. */
const LONGEST = 500;
/** Keeps what follows from being looked up as a person, an issue, a link or an emoji; it is not seen. */
const NOTHING = "&#8203;";

/** A sentence as Markdown of GitHub and GitLab. */
export function markdown(sentence: Phrase): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("outside" in part) return escaped(part.outside);
      return "code" in part ? code(part.code) : `**${markdown(part.strong)}**`;
    })
    .join("");
}

/**
 * A text from outside, in one line: no markup, no HTML, no link, and nobody is notified by it.
 *
 * @param longest - what is shown of it, in characters
 */
export function escaped(text: string, longest = LONGEST): string {
  return shown(text, longest)
    .replace(/[\\`*_[\]#|~$]/g, (sign) => `\\${sign}`)
    .replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/@|\\#|:(?=\/\/|[\w\\+-]+:)|\bwww(?=\.)/gi, (sign) => `${sign}${NOTHING}`);
}

/** A code span that holds a text to the letter. */
export function code(text: string): string {
  const line = shown(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  if (longest === 0) return `\`${line}\``;
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/**
 * In one line and of some length, without signs that are not seen: those that turn the direction of writing would show
 * another name than the one that is there.
 */
function shown(text: string, longest = LONGEST): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}]/gu, "")
    .trim();
  const signs = Array.from(line);
  if (signs.length > longest) return `${signs.slice(0, longest).join("")}…`;
  return line === "" ? "(nothing that is seen)" : line;
}
