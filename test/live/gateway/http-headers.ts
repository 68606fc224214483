/** The headers of one network connection, which a proxy must not forward: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Returns the headers by name in lower case. The values of a repeated header are joined. */
export function flattenHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") flat[name.toLowerCase()] = value;
    else if (Array.isArray(value)) flat[name.toLowerCase()] = value.join(", ");
  }
  return flat;
}

/**
 * Returns the headers that a proxy forwards.
 *
 * @param headers - by name in lower case
 * @param own - more names to omit, because the proxy sets them itself
 */
export function selectEndToEnd(
  headers: Readonly<Record<string, string>>,
  own: readonly string[],
): Record<string, string> {
  const named = (headers["connection"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const omitted = new Set([...HOP_BY_HOP, ...named, ...own]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !omitted.has(name)));
}
