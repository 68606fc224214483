import type { Statement } from "./statements.js";

/** Something that a reviewer should consider. */
export interface Warning extends Statement {
  code:
    | ("audit-shared" | "fan-out" | "creator" | "pair-exists" | "may-interrupt")
    | ("multiple-owners" | "managed-elsewhere" | "unknown-values" | "unreadable" | "types-unspecified")
    | ("import-by-id" | "declared-twice");
}
