import { parseJson } from "datadog-org-connections-core/text/data.js";
import { parseErrors } from "datadog-org-connections-core/api/parse.js";

/** The maximum length of a quoted server message, in characters. */
const MAX_MESSAGE_LENGTH = 1000;

/**
 * Parses the error messages in the body of a response. Returns them on one line, without control characters, and shortens a long line.
 * Returns an empty string if the body contains no messages.
 */
export function parseServerMessage(text: string): string {
  const message = parseErrors(parseJson(text)).join("; ");
  // eslint-disable-next-line no-control-regex -- a space replaces control characters
  const plain = message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return plain.length > MAX_MESSAGE_LENGTH ? `${plain.slice(0, MAX_MESSAGE_LENGTH)}…` : plain;
}

/** Formats a message of Datadog as a sentence, with a space before it. Returns an empty string for an empty message. */
export const formatQuote = (message: string): string =>
  message === "" ? "" : ` Datadog says: "${message}".`;
