import type { Organization, Sharing } from "./sharing.js";
import { escapeMarkdown, formatCode } from "../shared/markdown.js";

/** A piece of a sentence: our own words, a text from outside, or something to be shown to the letter. */
export type Part = string | { outside: string } | { code: string } | { strong: Phrase };

/** A sentence whose pieces say where they come from, so that each format can escape what is not ours. */
export type Phrase = readonly Part[];

/** A template of a sentence: what stands in the template is ours, what is filled in is a piece or a sentence. */
export function phrase(texts: TemplateStringsArray, ...filled: (Part | Phrase)[]): Phrase {
  return texts.flatMap((text, at) => {
    const next = filled[at];
    const parts = next === undefined ? [] : isPhrase(next) ? next : [next];
    return text === "" ? parts : [text, ...parts];
  });
}

const isPhrase = (value: Part | Phrase): value is Phrase => Array.isArray(value);

/** The sentence without any marks. */
export function plain(sentence: Phrase): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("outside" in part) return part.outside;
      return "code" in part ? part.code : plain(part.strong);
    })
    .join("");
}

/** The sentence as Markdown of GitHub and GitLab. */
export function formatPhrase(sentence: Phrase): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("outside" in part) return escapeMarkdown(part.outside);
      return "code" in part ? formatCode(part.code) : `**${formatPhrase(part.strong)}**`;
    })
    .join("");
}

/** A list as one reads it: `a, b and c`. */
export function listed(items: readonly (Part | Phrase)[]): Phrase {
  return items.flatMap((item, at) => {
    const link = at === 0 ? [] : [at === items.length - 1 ? " and " : ", "];
    return [...link, ...(isPhrase(item) ? item : [item])];
  });
}

/** Connection types as one reads them. */
export const typesListed = (types: readonly string[]): Phrase => listed(types.map((code) => ({ code })));

/** The name that stands for an organization: that at Datadog, else that of the configuration; none that looks like a UUID. */
export function standingName({
  name,
  alias,
}: Organization): { name: string; from: "datadog" | "configuration" } | undefined {
  const isName = (text: string | undefined): text is string =>
    text !== undefined && text.trim() !== "" && !looksLikeUuid(text);
  if (isName(name)) return { name, from: "datadog" };
  return isName(alias) ? { name: alias, from: "configuration" } : undefined;
}

/** The layout of a UUID, of letters and digits of any script. */
const LAYOUT = /^[\p{L}\p{N}]{8}(-[\p{L}\p{N}]{4}){3}-[\p{L}\p{N}]{12}$/u;

/**
 * Whether people could take a name for a UUID: it has the layout of one once invisible characters are gone and each kind of
 * hyphen is the usual one.
 */
export function looksLikeUuid(name: string): boolean {
  const seen = name
    .normalize("NFKC")
    .replace(/[\p{C}\p{M}\p{Z}\p{DI}]/gu, "")
    .replace(/[\p{Pd}\u2212]/gu, "-");
  return LAYOUT.test(seen);
}

/** How an organization is called: by the name that stands for it, else by its UUID. */
export function called(organization: Organization): Phrase {
  const standing = standingName(organization);
  if (standing?.from === "datadog") return [{ outside: standing.name }];
  if (standing) return [{ outside: standing.name }, " (configured name)"];
  const { id, isDefault } = organization;
  if (id !== undefined) return [{ code: id }];
  return [isDefault === true ? "the default organization" : "an organization that the preview does not tell"];
}

/** `Payments → Observability`. */
export const pairOf = ({ source, sink }: Sharing): Phrase => [
  { strong: [...called(source), " → ", ...called(sink)] },
];
