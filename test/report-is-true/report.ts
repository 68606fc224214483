/** The part of `review --format json` that the property reads. */
export interface ReportedEnd {
  id?: string;
  alias?: string;
  /** For a source of `@pulumi/datadog`: its provider. */
  provider?: string;
}

export interface ReportedData {
  source: ReportedEnd;
  sink: ReportedEnd;
  connectionTypes: string[];
  openTypes?: "unspecified" | "unknown";
}

export interface ReportedChange {
  kind: "delete" | "replace" | "drift" | "update" | "create" | "adopt" | "release" | "state-only";
  resource: string;
  before?: ReportedData;
  after?: ReportedData;
  addedTypes: string[];
  removedTypes: string[];
  connectionId?: string;
  mayInterrupt?: true;
  collision?: { mayBeDeletedFirst?: true; mayBeUndeclared?: true; removedTypes?: string[] };
  adoptionNotice?: { connectionId: string; connectionTypes: string[]; removedTypes: string[] };
  retainedBy?: string[];
  /** The resource that adopts the deleted connection may create it again. */
  mayBeRecreated?: true;
  because?: "exclusive" | "leftover" | "reference" | "forget";
  /** Other owners that delete the connection of the pair by its ID, whoever adopts it. */
  deletedBy?: unknown[];
  adopt: boolean;
  /** The preview did not check whether the pair exists. */
  isAdoptionUnchecked?: true;
  drift?: { gone: boolean };
  sentence: string;
}

export interface ReviewReport {
  outcome: "none" | "changes" | "destructive" | "violation" | "failed" | "incomplete";
  summary: { unchanged: number };
  complete: boolean;
  /** What a digest does not show. */
  unknowns: { what: "leftovers" | "organization" }[];
  changes: ReportedChange[];
  warnings: { code: string; sentence: string }[];
}
