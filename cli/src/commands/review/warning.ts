import type { Statement } from "./statements.js";

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
