import { formatProvider, richText, type RichText } from "../../changes/rich-text.js";
import type { Unknown } from "../../changes/unknowns.js";
import { formatCount } from "../../shared/text.js";
import { createList, type Block } from "./blocks.js";

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

/** Creates the section about what the previews do not show, with the next step. */
export const createUnknownsSection = (unknowns: readonly Unknown[]): Block[] => [
  { is: "heading", text: ["What the preview does not show"] },
  createList(unknowns.map(formatUnknown), MAX_UNKNOWNS),
  {
    is: "paragraph",
    text: richText`The events of the engine show it: set ${{ code: "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true" }} for ${{ code: "pulumi preview --json" }}, and run ${{ code: "review" }} again.`,
  },
];
