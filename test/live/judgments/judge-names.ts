import { readPath } from "../requests/read-value.js";
import { confirmIf, unobserved, type Judgment } from "./judgment.js";

/** Judges whether each reference of a connection has a name, or none has. */
export function judgeNames(row: unknown, isExpected: boolean): Judgment {
  const references = ["source_org", "sink_org", "created_by"].flatMap((end) => {
    const reference = readPath(row, "relationships", end, "data");
    return reference === undefined ? [] : [{ end, name: readPath(reference, "name") }];
  });
  if (references.length === 0) return unobserved("no connection with references was seen");
  const other = references.find(({ name }) => (typeof name === "string") !== isExpected);
  return confirmIf(!other, `\`${other?.end ?? ""}\` has ${isExpected ? "no name" : "a name"}`);
}
