import { parseJson } from "datadog-org-connections-core/api/parse-json.js";
import { parseErrors } from "datadog-org-connections-core/api/parse.js";

/** The maximum length of a quoted server message, in characters. */
const MAX_MESSAGE_LENGTH = 1000;

/** Parses the message of a refusal: on one line, without control characters, shortened. Empty if there is none. */
export function parseServerMessage(text: string): string {
  const message = parseErrors(parseJson(text)).join("; ");
  // eslint-disable-next-line no-control-regex -- control characters are removed
  const plain = message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return plain.length > MAX_MESSAGE_LENGTH ? `${plain.slice(0, MAX_MESSAGE_LENGTH)}…` : plain;
}

/** Formats a message of the server as a sentence, with a space before it. */
export const formatQuote = (message: string): string =>
  message === "" ? "" : ` Datadog says: "${message}".`;
