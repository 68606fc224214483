/** A remark in a report. */
export interface Remark {
  /** In capitals: `NOT CHECKED`. Only remarks that the reader must not miss have a label. */
  label?: string;
  text: string;
}

/** Formats a remark as plain text: `NOT CHECKED: payments: …`. */
export const formatRemark = ({ label, text }: Remark): string =>
  label === undefined ? text : `${label}: ${text}`;
