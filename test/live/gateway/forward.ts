import type { IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import axios from "axios";

/** The response of the target, with its unchanged bytes. */
export interface ForwardedResponse {
  status: number;
  /** By name in lower case, without those of the network connection and without the length. */
  headers: Record<string, string>;
  bytes: Buffer;
  /** The decompressed body. */
  text: string;
}

/** Longer than the client waits, so that a slow response is the client's timeout, not the gateway's. */
const TIMEOUT_MS = 60_000;
/** More than the client accepts. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** Headers that axios sets by itself. Null stops it, so that the target receives what the client sent. */
const SET_BY_AXIOS = { accept: null, "accept-encoding": null, "content-type": null, "user-agent": null };

/** The encodings that {@link decompress} knows. */
const ENCODINGS = "gzip, deflate, br";

/**
 * Sends a request to the target, once, and returns its response with any status. Follows no redirect.
 *
 * @throws an error whose message is a code, such as `ECONNREFUSED`, and nothing of the request
 */
export async function forwardRequest(
  target: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer },
): Promise<ForwardedResponse> {
  try {
    const {
      status,
      headers: received,
      data,
    } = await axios.request<Buffer>({
      method,
      url: target + path,
      headers: { ...SET_BY_AXIOS, ...selectRequestHeaders(headers) },
      data: body.length > 0 ? body : undefined,
      // Plain http is only for loopback, where a proxy of the environment does not apply.
      ...(target.startsWith("http:") && { proxy: false as const }),
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxRedirects: 0,
      maxContentLength: MAX_RESPONSE_BYTES,
      decompress: false,
      responseType: "arraybuffer",
      validateStatus: () => true,
    });
    const bytes = Buffer.from(data);
    const all = flattenHeaders(received);
    return {
      status,
      headers: selectEndToEnd(all, ["content-length"]),
      bytes,
      text: decompress(bytes, all["content-encoding"]).toString(),
    };
  } catch (error) {
    // The error of axios contains the request with its credentials.
    const { code } = error as { code?: unknown };
    // eslint-disable-next-line preserve-caught-error -- see above
    throw new Error(typeof code === "string" ? code : "UNKNOWN");
  }
}

function selectRequestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const selected = selectEndToEnd(flattenHeaders(headers), ["host", "content-length"]);
  return selected["accept-encoding"] === undefined ? selected : { ...selected, "accept-encoding": ENCODINGS };
}

function decompress(bytes: Buffer, encoding = "identity"): Buffer {
  if (bytes.length === 0) return bytes;
  switch (encoding.trim().toLowerCase()) {
    case "gzip":
      return gunzipSync(bytes);
    case "deflate":
      return inflateSync(bytes);
    case "br":
      return brotliDecompressSync(bytes);
    default:
      return bytes;
  }
}

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
function selectEndToEnd(
  headers: Readonly<Record<string, string>>,
  own: readonly string[],
): Record<string, string> {
  const named = (headers["connection"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const omitted = new Set([...HOP_BY_HOP, ...named, ...own]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !omitted.has(name)));
}
