import * as v from "valibot";

/**
 * The fields with a mark, such as sensitive or unknown. `all` if every field is marked. A mark on any part of a field marks the
 * field.
 */
export type Marks = "all" | ReadonlySet<string>;

/** The schema of marks in Terraform's JSON. Marks have the structure of the values, with booleans as leaves. */
export const marksSchema = v.pipe(v.unknown(), v.transform(readMarks));

/** Whether a field is marked. */
export const isMarked = (marks: Marks, field: string): boolean => marks === "all" || marks.has(field);

function readMarks(marks: unknown): Marks {
  if (typeof marks !== "object" || marks === null || Array.isArray(marks))
    return hasMark(marks) ? "all" : new Set();
  return new Set(Object.entries(marks).flatMap(([field, own]) => (hasMark(own) ? [field] : [])));
}

/** Whether any leaf is true. A mark that cannot be read counts as true, so that no sensitive value is shown. */
function hasMark(marks: unknown): boolean {
  if (marks === undefined || marks === null || typeof marks === "boolean") return marks === true;
  return typeof marks === "object" ? Object.values(marks).some(hasMark) : true;
}
