import {
  formatStrongOrganization,
  joinFirstItems,
  richText,
  type RichText,
} from "../../changes/rich-text.js";
import type { OrganizationRef } from "../../changes/shared-data.js";
import { MIN_ALIKE } from "./alike.js";
import { groupBy } from "./group.js";

/** The maximum count of subjects that a summary names. */
const MAX_SUBJECTS = 5;

/**
 * Describes how to merge alike statements into one sentence. Statements are alike if they have the same `noun`, and their
 * `summarize` functions return the same sentence for the same subjects.
 */
export interface Alike {
  /** What the statement is about: an organization, a connection, a resource or a user. */
  subject: RichText;
  /** What the subjects are, in the plural. */
  noun: "organizations" | "connections" | "resources" | "users";
  /**
   * Identifies the subject. Statements with the same object in `about` have the same subject. Left out if no other alike statement
   * has this subject.
   */
  about?: object | undefined;
  /** Formats the merged sentence. `subjects` is a formatted list, such as `40 organizations (a, b, c, d, e and 35 more)`. */
  summarize: (subjects: RichText) => RichText;
}

/** A sentence of a report, and how it is summarized if many are alike. */
export interface Statement {
  sentence: RichText;
  alike?: Alike | undefined;
}

/** The sentences of a section. */
export interface Summarized {
  /** Summaries, and the sentences that no summary replaces. */
  sentences: RichText[];
  /** The sentences that summaries replace. */
  merged: RichText[];
}

/**
 * Merges alike statements into one sentence, at the place of the first statement. The statements must have several subjects, and
 * there must be at least {@link MIN_ALIKE} statements.
 */
export function groupStatements(statements: readonly Statement[]): Summarized {
  const groups = groupBy(statements, ({ alike }) => formatKey(alike)).flatMap((group) => {
    const [{ alike }] = group;
    const subjects = listSubjects(group);
    return alike && group.length >= MIN_ALIKE && subjects.length > 1 ? [{ alike, group, subjects }] : [];
  });
  const summaryByFirst = new Map<Statement, RichText>(
    groups.map(({ alike, group, subjects }) => [group[0], alike.summarize(formatSubjects(alike, subjects))]),
  );
  const merged = groups.flatMap(({ group }) => group);
  const mergedSet = new Set<Statement>(merged);
  return {
    sentences: statements.flatMap((statement) => {
      const summary = summaryByFirst.get(statement);
      if (summary) return [summary];
      return mergedSet.has(statement) ? [] : [statement.sentence];
    }),
    merged: merged.map(({ sentence }) => sentence),
  };
}

/** Creates a statement about a source. Statements about other sources are alike if the rest of the sentence is the same. */
export function createSourceStatement(
  source: OrganizationRef,
  summarize: (sources: RichText) => RichText,
): Statement {
  const subject = formatStrongOrganization(source);
  return { sentence: summarize(subject), alike: { subject, noun: "organizations", summarize } };
}

const formatKey = (alike: Alike | undefined): string =>
  alike ? JSON.stringify([alike.noun, alike.summarize([])]) : "";

/** Lists the distinct subjects. */
const listSubjects = (group: readonly Statement[]): RichText[] => [
  ...new Map(
    group.flatMap(({ alike }) => (alike ? [[alike.about ?? alike, alike.subject] as const] : [])),
  ).values(),
];

const formatSubjects = ({ noun }: Alike, subjects: readonly RichText[]): RichText =>
  richText`${String(subjects.length)} ${noun} (${joinFirstItems(subjects, MAX_SUBJECTS)})`;

/** Something that a reviewer should consider. */
export interface Warning extends Statement {
  code:
    | "audit-shared"
    | "creator"
    | "declared-twice"
    | "fan-out"
    | "import-by-id"
    | "managed-elsewhere"
    | "may-interrupt"
    | "multiple-owners"
    | "pair-exists"
    | "types-unspecified"
    | "unknown-values"
    | "unreadable";
}
