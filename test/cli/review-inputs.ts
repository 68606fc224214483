import { createReview, type Review } from "../../cli/src/commands/review/review.js";
import { formatChange } from "../../cli/src/commands/review/sentences.js";
import type { OrganizationDirectory } from "../../cli/src/changes/organization-directory.js";
import { toPlainText } from "../../cli/src/changes/rich-text.js";
import type { Policy } from "../../cli/src/policy/policy.js";
import { parsePreview, parseState } from "../../cli/src/stack/formats.js";
import { listProviderFacts } from "../../cli/src/stack/pulumi-state.js";

/** Parsed JSON by the name of its file. */
export type Files = Record<string, unknown>;

/** Reviews previews and plans together. */
export function reviewInputs(
  inputs: Files,
  { state, ...more }: { state?: Files; policy?: Policy; directory?: OrganizationDirectory } = {},
): Review {
  return createReview({
    previews: Object.entries(inputs).map(([name, value]) => parsePreview(JSON.stringify(value), name)),
    ...(state && {
      state: Object.entries(state).flatMap(([name, value]) => parseState(value, name)),
      stateProviders: Object.values(state).flatMap(listProviderFacts),
    }),
    ...more,
  });
}

/** Formats the warnings with a code. */
export const listWarnings = ({ warnings }: Review, code: string): string[] =>
  warnings.flatMap((warning) => (warning.code === code ? [toPlainText(warning.sentence)] : []));

/** Formats the sentences of all changes. */
export const listSentences = ({ changes }: Review): string[] =>
  changes.map((change) => toPlainText(formatChange(change)));
