import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import type { Answer, Request, Send } from "datadog-org-connections-core/api/http.js";
import { redactor } from "datadog-org-connections-core/api/redact.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";

/** How long one look may take, in milliseconds. */
const LOOK_MS = 15_000;

/** What one look brought: an answer, or none and Node's code for it, or the status with which a proxy refused. */
export type Look =
  { answer: Answer; cause?: never } | { answer?: never; cause: string; proxyStatus?: number };

/** When an answer arrived, by this machine's clock. */
export interface Moment {
  sent: number;
  received: number;
}

/** What the doctor asks of one organization, in this order; what comes after a failing host is left out. */
export interface Probe {
  /** `GET /api/v1/validate`, with the API key alone: the least one can ask. */
  apiKey: Look;
  at: Moment;
  /** `GET /api/v2/validate_keys`. */
  bothKeys?: Look;
  /** `GET /api/v2/org_connections`, the first page. */
  list?: Look;
  /** `GET /api/v2/org`. */
  organizations?: Look;
  /** `GET /api/v2/application_keys` with their owners, the first hundred. */
  applicationKeys?: Look;
}

/** Asks with one organization's keys. Five GETs at most, each sent once, and nothing else. */
export async function probe(
  credentials: Pick<Credentials, "baseUrl" | "apiKey" | "appKey" | "auth">,
): Promise<Probe> {
  const { createSend } = await import("datadog-org-connections-core/api/http.js");
  const { appKey, ...withoutAppKey } = credentials;
  // Before anything is read: what is cut later could leave half a key.
  const blank = redactor([credentials.apiKey, appKey]);
  const sent = Date.now();
  const apiKey = await look(createSend(withoutAppKey), { route: "validateApiKey" });
  const at = { sent, received: Date.now() };
  if (!apiKey.answer || !isDatadogs(apiKey.answer)) return { apiKey, at };
  const sendBoth = createSend({ ...withoutAppKey, appKey });
  const send: Send = async (request, timeoutMs) => {
    const answer = await sendBoth(request, timeoutMs);
    return { ...answer, text: blank(answer.text) };
  };
  return {
    apiKey,
    at,
    bothKeys: await look(send, { route: "validateKeys" }),
    list: await look(send, { route: "listConnections", query: { limit: PAGE_LIMIT, offset: 0 } }),
    organizations: await look(send, { route: "listOrganizations" }),
    applicationKeys: await look(send, {
      route: "listApplicationKeys",
      query: { "page[size]": 100, include: "owned_by" },
    }),
  };
}

/** One request, and no second try: a doctor tells what is, and does not hide it. */
export async function look(send: Send, request: Request): Promise<Look> {
  const { NoAnswer } = await import("datadog-org-connections-core/api/http.js");
  try {
    return { answer: await send(request, LOOK_MS) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const { cause, proxyStatus } = error;
    return { cause, ...(proxyStatus !== undefined && { proxyStatus }) };
  }
}

/** Whether an answer may come from Datadog's API: it is JSON, of any status but a redirect. */
export function isDatadogs({ status, text }: Answer): boolean {
  if (status >= 300 && status < 400) return false;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null;
  } catch {
    return false;
  }
}
