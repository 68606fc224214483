import { setTimeout as delay } from "node:timers/promises";
import { isTransient } from "./failures.js";
import { NoResponseError, sendGet, type ApiResponse } from "./http.js";
import { parseJson } from "../text/data.js";

/** A response with any status. Without a complete response, the error code of Node, axios or http.ts. */
export type JsonResult =
  | {
      status: number;
      /** The parsed body, or `undefined` if the body is not JSON. */
      body: unknown;
    }
  | { networkCode: string };

const MAX_ATTEMPTS = 3;
/** The delay after the first attempt. The delay after the second one is twice as long. */
const DELAY_MS = 500;
const TRANSIENT_STATUSES: readonly number[] = [429, 500, 502, 503, 504];

/**
 * Reads JSON from an address that is not the Datadog API, such as the issuer of a token. After a failure that may be
 * transient, the request is sent again, at most twice. Redirects are not followed, because they could send a credential in the headers
 * to another address.
 *
 * @param timeoutMs - the timeout of all attempts and delays together
 */
export async function getJson(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<JsonResult> {
  const end = performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    const result = await send(url, headers, Math.max(1, Math.ceil(end - performance.now())));
    const hasAttemptLeft = attempt < MAX_ATTEMPTS && performance.now() + DELAY_MS * attempt < end;
    if (!hasAttemptLeft || !hasTransientFailure(result)) {
      return result instanceof NoResponseError
        ? { networkCode: result.cause }
        : { status: result.status, body: parseJson(result.text) };
    }
    await delay(DELAY_MS * attempt);
  }
}

async function send(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<ApiResponse | NoResponseError> {
  try {
    return await sendGet(url, headers, timeoutMs);
  } catch (error) {
    if (error instanceof NoResponseError) return error;
    throw error;
  }
}

const hasTransientFailure = (result: ApiResponse | NoResponseError): boolean =>
  result instanceof NoResponseError ? isTransient(result) : TRANSIENT_STATUSES.includes(result.status);
