import { formatProvider, richText, toMarkdown, type RichText } from "../../changes/rich-text.js";
import type { Unknown } from "../../changes/unknowns.js";
import { formatCount } from "../../shared/text.js";

/** Names each kind of unknown for the headline, without any name from outside. */
export function listUnknownKinds(unknowns: readonly Unknown[]): string[] {
  const resources = unknowns.filter(({ what }) => what === "organization").length;
  return [
    ...(unknowns.length > resources ? ["leftovers of interrupted replacements"] : []),
    ...(resources > 0 ? [`the organization that shares (${formatCount(resources, "resource")})`] : []),
  ];
}

/** Describes what a preview does not show. */
export function formatUnknown(unknown: Unknown): RichText {
  switch (unknown.what) {
    case "leftovers":
      return richText`${{ code: unknown.location }}: whether an interrupted replacement left a connection that ${{ code: "pulumi up" }} deletes.`;
    case "organization":
      return richText`${{ code: unknown.resource }}: which organization shares the data. The settings of provider ${{ code: formatProvider(unknown.provider) }} decide.`;
  }
}

/** The maximum count of unknowns in the report. */
const MAX_UNKNOWNS = 20;

/** Formats the section about what the previews do not show, with the next step. */
export const formatUnknowns = (unknowns: readonly Unknown[]): string =>
  [
    "### What the preview does not show",
    [
      ...unknowns.slice(0, MAX_UNKNOWNS).map((unknown) => `- ${toMarkdown(formatUnknown(unknown))}`),
      ...(unknowns.length > MAX_UNKNOWNS ? [`- … and ${unknowns.length - MAX_UNKNOWNS} more.`] : []),
    ].join("\n"),
    "The events of the engine show it: set `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true` for `pulumi preview --json`, and run `review` again.",
  ].join("\n\n");
