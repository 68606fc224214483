import { richText, toMarkdown, type RichText } from "../../changes/rich-text.js";
import type { Unknown } from "../../changes/unknowns.js";

/** Names each kind of unknown for the headline, without any name from outside. */
export const listUnknownKinds = (unknowns: readonly Unknown[]): string[] =>
  unknowns.length === 0 ? [] : ["leftovers of interrupted replacements"];

/** Describes what a preview does not show. */
export const formatUnknown = ({ location }: Unknown): RichText =>
  richText`${{ code: location }}: whether an interrupted replacement left a connection that ${{ code: "pulumi up" }} deletes.`;

/** Formats the section about what the previews do not show, with the next step. */
export const formatUnknowns = (unknowns: readonly Unknown[]): string =>
  [
    "### What the preview does not show",
    unknowns.map((unknown) => `- ${toMarkdown(formatUnknown(unknown))}`).join("\n"),
    "The events of the engine show it: set `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true` for `pulumi preview --json`, and run `review` again.",
  ].join("\n\n");
