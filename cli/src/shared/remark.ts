/** A remark of a report. */
export interface Remark {
  /** For what the reader must not miss, in capitals: `NOT CHECKED`. Other remarks have none. */
  label?: string;
  text: string;
}

/** Formats a remark as plain text: `NOT CHECKED: payments: …`. */
export const formatRemark = ({ label, text }: Remark): string =>
  label === undefined ? text : `${label}: ${text}`;
