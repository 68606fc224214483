import type { Organization } from "../../changes/sharing.js";
import { called, formatPhrase, standingName } from "../../changes/phrase.js";
import { keyOf } from "../../changes/sharing.js";
import { escapeMarkdown, formatCode } from "../../shared/markdown.js";
import { mermaidOf } from "../../topology/mermaid.js";
import { pictureOf } from "./diagram.js";
import { endsOf } from "./group.js";
import type { Review } from "./review.js";

/** How many connections a diagram shows: as many as one can still follow, and fewer where there is less room. */
const SIZES = [120, 60, 30, 15];
/** How many organizations are listed with their UUIDs. */
const MOST_ORGANIZATIONS = 100;

/** The picture of who shares with whom, in so many characters at most. */
export function diagram({ changes, stays }: Review, room: number): string {
  if (changes.length === 0) return "";
  const picture = pictureOf(changes, stays);
  for (const most of SIZES) {
    const { text, omitted } = mermaidOf(picture, { most });
    const left = omitted > 0 ? `\n\n_${omitted} more connections are not drawn; changes come first._` : "";
    const drawn = `\n### Who shares with whom afterwards\n\n\`\`\`mermaid\n${text}\n\`\`\`${left}\n`;
    if (drawn.length <= room) return drawn;
  }
  return "";
}

/** The UUIDs behind the names: names can be alike. */
export function organizations({ changes }: Review, room: number): string {
  const ends = endsOf(changes);
  const known = [...new Map(ends.map((one) => [keyOf(one), one])).values()].filter(
    ({ id, name, alias }) => id !== undefined && (name ?? alias) !== undefined,
  );
  if (known.length === 0) return "";
  const rows = known
    .slice(0, MOST_ORGANIZATIONS)
    .map((one) => `| ${nameOf(one)} | ${formatCode(one.id ?? "")} |`);
  const more =
    known.length > MOST_ORGANIZATIONS ? `\n\n${known.length - MOST_ORGANIZATIONS} more are not listed.` : "";
  const table = ["| organization | UUID |", "| --- | --- |", ...rows].join("\n");
  const text = `\n<details><summary>Organizations by UUID</summary>\n\n${table}${more}\n\n</details>\n`;
  return text.length <= room ? text : "";
}

/** As sentences call it, and its other names with where they come from. */
function nameOf(organization: Organization): string {
  const { name, alias } = organization;
  const standing = standingName(organization);
  const besides = [
    ...(name !== undefined && standing?.from !== "datadog"
      ? [`name at Datadog: ${escapeMarkdown(name)}`]
      : []),
    ...(alias !== undefined && alias !== standing?.name ? [`configured name: ${escapeMarkdown(alias)}`] : []),
  ];
  return `${formatPhrase(called(organization))}${besides.length > 0 ? ` (${besides.join(", ")})` : ""}`;
}
