import type { ApiResponse } from "./http.js";

/** Parses JSON. Returns `undefined` if the string is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Whether a response has a JSON content type, but its body is empty or invalid JSON. Such a response was probably truncated in
 * transit, so another attempt may succeed.
 */
export function hasInvalidJson({ headers, text }: ApiResponse): boolean {
  return /^application\/(.+\+)?json\b/i.test(headers["content-type"] ?? "") && parseJson(text) === undefined;
}
