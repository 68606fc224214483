/**
 * Characters that a terminal obeys, that turn the direction of writing, or that nobody sees: `\p{DI}` has the joiners,
 * variation selectors and fillers, U+2800 is a Braille character without dots. Of the spaces only the usual one is left.
 */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}`;
// Joiners and selectors within an emoji are part of what is seen. The engines that run this know `v`, the compiler not.
const escapable = new RegExp(
  [
    String.raw`(?<emoji>\p{RGI_Emoji})`,
    INVISIBLE,
    // Otherwise a name could pretend to hold an escaped character.
    String.raw`\\(?=u\{)`,
    // Spaces that nobody sees: at either end, and after another one.
    String.raw`^ | $|(?<= ) `,
  ].join("|"),
  "gv",
);

/**
 * A text from elsewhere (the name of an organization, say) on one line, with what nobody would see written as `\u{202e}`.
 * Nothing is left out, so two different texts never look the same or become equal.
 */
export function escapeInvisible(text: string): string {
  return text.replace(escapable, (found: string, ...more: unknown[]) => {
    const { emoji } = more.at(-1) as { emoji?: string };
    return emoji ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** A sentence of ours on one line: its line breaks and indentations are plain spaces. Not for a name. */
export const joinLines = (text: string): string => text.replace(/[ \t\r\n]+/g, " ").trim();

/** A sentence of ours in which there may be texts from elsewhere, on one line. */
export const formatSentence = (text: string): string => escapeInvisible(joinLines(text));

/** A message of ours that has lines and indentations of its own. */
export const formatLines = (text: string): string =>
  text.replace(/[^ \n]+/g, (word) => escapeInvisible(word));
