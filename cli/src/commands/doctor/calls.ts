/** The calls of `doctor`: those of the ordinary client, each with one attempt, and with a record of the response. */
import { listSecrets, type SentAuthentication } from "datadog-org-connections-core/api/authentication.js";
import type { ErrorCode } from "datadog-org-connections-core/api/error-codes.js";
import type { ApiResponse, Request } from "datadog-org-connections-core/api/http.js";
import type { Headers } from "datadog-org-connections-core/api/limiter.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "datadog-org-connections-core/api/org-connections-error.js";
import {
  parseOrganizations,
  parsePage,
  type Page,
  type VisibleOrganizations,
} from "datadog-org-connections-core/api/parse.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { createRedactor } from "datadog-org-connections-core/text/escape-text.js";

/** The timeout of one request, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** A call that was made. Times are by this machine's clock, in milliseconds since 1970. */
export type Call<T> = {
  sentAt: number;
  /** When the response was received or, without a response, when the request failed. */
  receivedAt: number;
  /** The response, with the secrets redacted. */
  response?: ApiResponse;
  /** Why there is no response, or why the response is not from Datadog's API. */
  hostError?: OrgConnectionsError;
} & ({ value: T; error?: never } | { value?: never; error: OrgConnectionsError });

/** Makes one call. */
export type MakeCall = <T>(
  request: Request,
  parse: (body: unknown, headers: Headers) => T,
) => Promise<Call<T>>;

/** Prepares the calls of an organization with these credentials. `secrets` are redacted in all that the server sends. */
export async function openCalls(
  credentials: Credentials,
  sent: SentAuthentication,
  secrets: readonly string[] = listSecrets(credentials.authentication),
): Promise<MakeCall> {
  const [{ ApiCalls }, { createFixedSenders }, { createUnexpectedResponseError }, { createMessageContext }] =
    await Promise.all([
      import("datadog-org-connections-core/api/call.js"),
      import("datadog-org-connections-core/api/attempt.js"),
      import("datadog-org-connections-core/api/failures.js"),
      import("datadog-org-connections-core/api/message-context.js"),
    ]);
  const options = {
    ...credentials,
    retry: { maxAttempts: 1 },
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    isDoctor: true,
  };
  const senders = createFixedSenders(credentials.baseUrl, sent, secrets);
  const redact = createRedactor(secrets);
  const context = createMessageContext(options, () => secrets);
  return async (request, parse) => {
    const record: Pick<Call<unknown>, "sentAt" | "receivedAt" | "response"> = {
      sentAt: Date.now(),
      receivedAt: 0,
    };
    const recording: typeof senders = {
      ...senders,
      open: async (getMaxWaitMs) => {
        const { send, ...rest } = await senders.open(getMaxWaitMs);
        return {
          ...rest,
          send: async (...args) => {
            record.sentAt = Date.now();
            const response = await send(...args);
            // Redact first: the redactor does not recognize a part of a secret in a message that was shortened.
            record.response = { ...response, text: redact(response.text) };
            return record.response;
          },
        };
      },
    };
    try {
      // Each call has its own limiter, so that a 429 does not delay the next call.
      const value = await new ApiCalls(options, recording).send(request, parse);
      return { ...record, receivedAt: Date.now(), value };
    } catch (error) {
      if (!isOrgConnectionsError(error)) throw error;
      const { response } = record;
      const call = { ...record, receivedAt: Date.now(), error };
      if (response && isObject(parseJson(response.text)) && error.code !== "redirected") return call;
      // The client reads the status first: it takes a login page with a 403 for a refusal.
      const isStatus = response !== undefined && !UNUSABLE.has(error.code);
      return {
        ...call,
        hostError: isStatus ? createUnexpectedResponseError(context, request, response) : error,
      };
    }
  };
}

/** The errors of the client about a response that is not from Datadog's API. */
const UNUSABLE: ReadonlySet<ErrorCode> = new Set(["redirected", "unexpected-response"]);

/** Parses any response of Datadog's API. A login page, for example, is none. */
export function parseAny(body: unknown): unknown {
  if (!isObject(body)) throw new Error("not a JSON object");
  return body;
}

const isObject = (body: unknown): boolean =>
  typeof body === "object" && body !== null && !Array.isArray(body);

/** The calls that read what the credentials can see. */
export interface Reads {
  /** The first page of connections. */
  list: Call<Page>;
  organizations: Call<VisibleOrganizations>;
}

export const callList = (call: MakeCall): Promise<Call<Page>> =>
  call({ route: "listConnections", query: { limit: PAGE_LIMIT, offset: 0 } }, parsePage);

export const callOrganizations = (call: MakeCall): Promise<Call<VisibleOrganizations>> =>
  call({ route: "listOrganizations" }, parseOrganizations);

/** Whether a call has this status. */
export const hasStatus = ({ response }: Call<unknown>, ...statuses: number[]): boolean =>
  response !== undefined && statuses.includes(response.status);
