import type { OrganizationRef, SharedData } from "./shared-data.js";
import { escapeMarkdown, formatCode, formatCodeCell } from "../shared/markdown.js";

/** A part of a sentence: our own words, text from outside, code, or bold text. */
export type Part = string | { untrusted: string } | { code: string } | { strong: RichText };

/** A sentence in parts, so that each output format can escape the text from outside. */
export type RichText = readonly Part[];

/** Builds a sentence from a tagged template. The template is our own text, and each value is a part or a sentence. */
export function richText(strings: TemplateStringsArray, ...values: (Part | RichText)[]): RichText {
  return strings.flatMap((text, index) => {
    const next = values[index];
    const parts = next === undefined ? [] : isRichText(next) ? next : [next];
    return text === "" ? parts : [text, ...parts];
  });
}

const isRichText = (value: Part | RichText): value is RichText => Array.isArray(value);

/** Formats a sentence as plain text. */
export function toPlainText(sentence: RichText): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("untrusted" in part) return part.untrusted;
      return "code" in part ? part.code : toPlainText(part.strong);
    })
    .join("");
}

/** Formats a sentence as Markdown for GitHub and GitLab. */
export const toMarkdown = (sentence: RichText): string => formatParts(sentence, formatCode);

/** Formats a sentence as Markdown for a cell of a table. */
export const toTableCell = (sentence: RichText): string => formatParts(sentence, formatCodeCell);

function formatParts(sentence: RichText, formatCodePart: (code: string) => string): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("untrusted" in part) return escapeMarkdown(part.untrusted);
      return "code" in part ? formatCodePart(part.code) : `**${formatParts(part.strong, formatCodePart)}**`;
    })
    .join("");
}

/** Joins parts with a separator, and perhaps with another one before the last part. */
export const joinParts = (
  items: readonly (Part | RichText)[],
  separator: string,
  lastSeparator = separator,
): RichText =>
  items.flatMap((item, index) => [
    ...(index === 0 ? [] : [index === items.length - 1 ? lastSeparator : separator]),
    ...(isRichText(item) ? item : [item]),
  ]);

/** Joins a list: `a, b and c`. */
export const joinList = (items: readonly (Part | RichText)[]): RichText => joinParts(items, ", ", " and ");

/** Joins the first items of a list, and counts the others: `a, b and 3 more`. */
export function joinFirstItems(items: readonly (Part | RichText)[], max: number): RichText {
  const more = items.length - max;
  return joinList(more > 0 ? [...items.slice(0, max), `${more} more`] : items);
}

/** Joins connection types: `logs and metrics`. */
export const formatTypeList = (types: readonly string[]): RichText =>
  joinList(types.map((code) => ({ code })));

/**
 * Returns an organization's name in Datadog, otherwise in the configuration. A blank name, or one that resembles a UUID, is not
 * used.
 */
export function getDisplayName({
  name,
  alias,
}: OrganizationRef): { name: string; from: "datadog" | "configuration" } | undefined {
  const isName = (text: string | undefined): text is string =>
    text !== undefined && text.trim() !== "" && !isUuidLike(text);
  if (isName(name)) return { name, from: "datadog" };
  return isName(alias) ? { name: alias, from: "configuration" } : undefined;
}

/** The layout of a UUID, with letters and digits of any script. */
const UUID_LAYOUT = /^[\p{L}\p{N}]{8}(-[\p{L}\p{N}]{4}){3}-[\p{L}\p{N}]{12}$/u;

/**
 * Whether people could mistake a name for a UUID. Before the comparison with {@link UUID_LAYOUT}, invisible characters, spaces and
 * combining marks are removed, and each dash becomes `-`.
 */
export function isUuidLike(name: string): boolean {
  const visible = name
    .normalize("NFKC")
    .replace(/[\p{C}\p{M}\p{Z}\p{DI}]/gu, "")
    .replace(/[\p{Pd}\u2212]/gu, "-");
  return UUID_LAYOUT.test(visible);
}

/**
 * Formats an organization by the first of these that is known: its display name, its UUID, its status as the default organization,
 * or its provider.
 */
export const formatOrganization = (organization: OrganizationRef): RichText =>
  organization.isGuess === true
    ? [...formatKnownOrganization(organization), " (probably)"]
    : formatKnownOrganization(organization);

function formatKnownOrganization(organization: OrganizationRef): RichText {
  const displayName = getDisplayName(organization);
  if (displayName?.from === "datadog") return [{ untrusted: displayName.name }];
  if (displayName) return [{ untrusted: displayName.name }, " (configured name)"];
  const { id, isDefault, provider, providerAlias } = organization;
  if (id !== undefined) return [{ code: id }];
  if (isDefault === true) return ["the default organization"];
  if (provider === undefined) return ["an organization that is not shown"];
  const ofProvider = richText`of provider ${{ code: formatProvider(provider) }}`;
  return providerAlias === undefined
    ? richText`the organization ${ofProvider}`
    : richText`organization ${{ code: providerAlias }} ${ofProvider}`;
}

/** Formats an organization in bold type. */
export const formatStrongOrganization = (organization: OrganizationRef): RichText => [
  { strong: formatOrganization(organization) },
];

/**
 * Formats a provider. In Pulumi, the result is the name in the URN. In Terraform, the result is the address of the provider, or the
 * key of its configuration in a plan.
 */
export const formatProvider = (provider: string): string =>
  provider.startsWith("urn:") ? provider.split("::").slice(3).join("::") : provider;

/** Formats a pair: `Payments → Observability`. */
export const formatPair = ({ source, sink }: SharedData): RichText => [
  { strong: [...formatOrganization(source), " → ", ...formatOrganization(sink)] },
];
