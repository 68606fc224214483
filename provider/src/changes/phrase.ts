import type { Organization, Sharing } from "./change.js";

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

/** A list as one reads it: `a, b and c`. */
export function listed(items: readonly (Part | Phrase)[]): Phrase {
  return items.flatMap((item, at) => {
    const link = at === 0 ? [] : [at === items.length - 1 ? " and " : ", "];
    return [...link, ...(isPhrase(item) ? item : [item])];
  });
}

/** Connection types as one reads them. */
export const typesListed = (types: readonly string[]): Phrase => listed(types.map((code) => ({ code })));

/** How an organization is called: its name at Datadog, else that of the configuration, else its UUID. */
export function called({ id, name, alias, isDefault }: Organization): Phrase {
  const text = [name, alias].find((one) => one !== undefined && one.trim() !== "");
  if (text !== undefined) return [{ outside: text }];
  if (id !== undefined) return [{ code: id }];
  return [isDefault === true ? "the default organization" : "an organization that the preview does not tell"];
}

/** `Payments → Observability`. */
export const pairOf = ({ source, sink }: Sharing): Phrase => [
  { strong: [...called(source), " → ", ...called(sink)] },
];
