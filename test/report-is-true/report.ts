/** The part of `review --json` that the property reads. */
export interface End {
  id?: string;
  alias?: string;
}

export interface Sharing {
  source: End;
  sink: End;
  connectionTypes: string[];
  openTypes?: "left-to-datadog" | "not-told";
}

export interface ReportedChange {
  kind: "delete" | "replace" | "drift" | "update" | "create" | "adopt" | "release" | "record";
  resource: string;
  before?: Sharing;
  after?: Sharing;
  gained: string[];
  lost: string[];
  connectionId?: string;
  isRace?: true;
  collision?: { isRace?: true; lost?: string[] };
  announced?: { connectionId: string; connectionTypes: string[]; lost: string[] };
  keptBy?: string[];
  adopt: boolean;
  drift?: { gone: boolean };
  sentence: string;
}

export interface Report {
  outcome: "none" | "changes" | "destructive" | "violation" | "failed";
  summary: { unchanged: number };
  isWhole: boolean;
  changes: ReportedChange[];
}
