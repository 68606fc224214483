import { OrgConnectionsError, type ErrorFacts, type ErrorText } from "./org-connections-error.js";
import type { ErrorCode } from "./error-codes.js";
import {
  MAX_ANSWER_BYTES,
  PROXY_REFUSED,
  TIMED_OUT,
  TOO_LARGE,
  type Answer,
  type NoAnswer,
  type Request,
} from "./http.js";
import { isTlsFailure } from "./tls.js";
import { json } from "./json.js";
import { parseErrors } from "./parse.js";
import { rateLimitOf } from "./rate-limit.js";
import { routes, SUCCESS_STATUS } from "./routes.js";
import { encodeText } from "./invisible.js";

/** Whom a message is about. Nothing in it is secret. */
export interface Caller {
  /** `organization "payments"` or `the default organization`. */
  label: string;
  /** Where its keys come from: `DD_API_KEY and DD_APP_KEY`. */
  keysFrom: string;
  /** `https://api.datadoghq.com`. */
  baseUrl: string;
  /** Blanks this caller's keys in a text. */
  blank: (text: string) => string;
}

const PERMISSIONS = "`org_connections_read` and `org_connections_write` (in the beta: `org_management`)";

/**
 * The typed error for a call that was not sent, or not sent again: its organization's rate limit opens only beyond the
 * call's budget. It names no status, since this call received none.
 */
export function rateLimitFailure(caller: Caller, request: Request, closedMs: number): OrgConnectionsError {
  const retryAfterSeconds = Math.ceil(closedMs / 1000);
  return new OrgConnectionsError(
    "rate-limited",
    {
      happened:
        `Datadog's rate limit for ${caller.label} is used up, and opens again in ${retryAfterSeconds} s. That is longer ` +
        `than a call may wait (\`callTimeoutSeconds\`).`,
      advice: "Run the operation again later.",
      detail: `(${callOf(request)}: not sent)`,
    },
    { call: callOf(request), retryAfterSeconds },
  );
}

/** The typed error for an answer that is not a success. */
export function statusFailure(caller: Caller, request: Request, answer: Answer): OrgConnectionsError {
  const apiErrors = parseErrors(json(answer.text)).map((text) => encodeText(caller.blank(text), MAX_TEXT));
  const { resetSeconds } = rateLimitOf(answer.headers);
  const facts: ErrorFacts = {
    status: answer.status,
    call: callOf(request),
    apiErrors,
    ...(resetSeconds !== undefined && { retryAfterSeconds: resetSeconds }),
  };
  const [code, explanation] = explain(caller, answer, resetSeconds);
  const said = apiErrors.length > 0 ? `Datadog says: "${cut(apiErrors.join("; "))}". ` : "";
  return new OrgConnectionsError(
    code,
    { ...explanation, detail: `${said}(${callOf(request)}: ${answer.status})` },
    facts,
  );
}

function explain(caller: Caller, { status, headers }: Answer, resetSeconds?: number): [ErrorCode, ErrorText] {
  const { label, keysFrom, baseUrl } = caller;
  switch (status) {
    case 400:
      return ["bad-request", { happened: `Datadog refused the request of ${label} as invalid.` }];
    case 401:
      return [
        "unauthenticated",
        {
          happened: `Datadog did not accept the keys of ${label}, taken from ${keysFrom}: one is missing or not valid.`,
          advice: `Check both keys, and that ${baseUrl} is their site.`,
        },
      ];
    case 403:
      return [
        "forbidden",
        {
          happened: `Datadog refused ${label}, with the keys taken from ${keysFrom}.`,
          advice:
            `Check that both keys are valid on ${baseUrl}, that the application key's owner has the permissions ${PERMISSIONS}, and that cross-organization ` +
            `visibility is switched on for the organization.`,
        },
      ];
    case 404:
      return ["not-found", { happened: `Datadog knows nothing at this address for ${label}.` }];
    case 409:
      return ["conflict", { happened: `The connection exists already, says Datadog to ${label}.` }];
    case 429:
      return [
        "rate-limited",
        {
          happened:
            `Datadog's rate limit for ${label} is used up` +
            (resetSeconds === undefined ? "." : `; it opens again in ${resetSeconds} s.`),
          advice: "Run the operation again later.",
        },
      ];
    default:
      if (status >= 500) {
        return [
          "server-error",
          { happened: `Datadog failed on a request of ${label}.`, advice: "Run it again." },
        ];
      }
      if (status >= 300 && status < 400) {
        return [
          "redirected",
          {
            happened:
              `${baseUrl} redirects the request of ${label} to ${caller.blank(hostOf(headers["location"]))}. A redirect is ` +
              `not followed, since the keys would go along.`,
            advice: "Set the right site, or the proxy that is in the way.",
          },
        ];
      }
      if (status < 300) {
        return [
          "unexpected-status",
          {
            happened:
              `${baseUrl} answered ${label} with a status that is no success of Datadog's API, which answers ` +
              `${SUCCESS_STATUS}.`,
            advice: "Check the site, and whether a proxy or gateway stands in between.",
          },
        ];
      }
      return [
        "unexpected-status",
        { happened: `Datadog answered ${label} in a way this version does not know.` },
      ];
  }
}

/** Whether a second try may go through after this failure. */
export function isTransient({ cause, proxyStatus }: NoAnswer): boolean {
  if (cause === PROXY_REFUSED) return proxyStatus !== undefined && proxyStatus >= 500;
  return cause !== TOO_LARGE && cause !== "ENOTFOUND" && !isTlsFailure(cause);
}

/** The typed error for a request without a usable answer. */
export function noAnswerFailure(
  caller: Caller,
  request: Request,
  { cause, proxyStatus }: NoAnswer,
  tries: number,
): OrgConnectionsError {
  const { label, baseUrl } = caller;
  const facts: ErrorFacts = { call: callOf(request), networkCode: cause };
  const after = tries > 1 ? ` after ${tries} tries` : "";
  const [code, text] = ((): [ErrorCode, ErrorText] => {
    if (cause === TIMED_OUT) {
      return [
        "timed-out",
        {
          happened: `${baseUrl} did not answer ${label} in time${after}.`,
          advice: "Run the operation again.",
        },
      ];
    }
    if (cause === TOO_LARGE) {
      return [
        "answer-too-large",
        {
          happened:
            `The answer of ${baseUrl} to ${label} is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB and was not ` +
            `read: that is hardly Datadog.`,
          advice: "Check the site and the proxy.",
        },
      ];
    }
    if (cause === PROXY_REFUSED) {
      return [
        "proxy-refused",
        {
          happened:
            `The proxy that HTTPS_PROXY names answered ${label} in place of ${baseUrl}${after}: it refused the ` +
            `connection with status ${String(proxyStatus)}. Nothing was sent to Datadog.`,
          advice:
            `Ask whoever runs the proxy to allow ${hostOf(baseUrl)}, correct the user and password in HTTPS_PROXY, or ` +
            `name the host in NO_PROXY.`,
        },
      ];
    }
    if (cause === "ENOTFOUND" || cause === "EAI_AGAIN") {
      return [
        "name-not-resolved",
        {
          happened: `The name of ${baseUrl}, the site of ${label}, does not resolve.`,
          advice: "Check the site's spelling and your DNS.",
        },
      ];
    }
    if (isTlsFailure(cause)) {
      return [
        "tls-failed",
        {
          happened: `No trusted TLS connection to ${baseUrl} for ${label}.`,
          advice: "Behind a proxy that signs for itself, set NODE_EXTRA_CA_CERTS to its certificate.",
        },
      ];
    }
    return [
      "connection-failed",
      {
        happened: `The connection to ${baseUrl} for ${label} broke${after}.`,
        advice: "Check the network and run the operation again.",
      },
    ];
  })();
  return new OrgConnectionsError(code, { ...text, detail: `(${callOf(request)}: ${cause})` }, facts);
}

/** The typed error for a success whose JSON stops in the middle, though the response was complete. */
export function cutOffFailure(caller: Caller, request: Request, { status, text }: Answer, tries: number) {
  const after = tries > 1 ? ` after ${tries} tries` : "";
  return new OrgConnectionsError(
    "unexpected-answer",
    {
      happened: `The JSON that ${caller.baseUrl} sent to ${caller.label} is cut off${after}.`,
      advice: "Run the operation again; if that does not help, check whether a proxy stands in between.",
      detail: `(${callOf(request)}: ${status}, ${text.length} characters)`,
    },
    { status, call: callOf(request) },
  );
}

/** Whether a response announces JSON and holds none: it was cut off on its way, and a second try may bring it whole. */
export function isCutOff({ headers, text }: Answer): boolean {
  return /^application\/(.+\+)?json\b/i.test(headers["content-type"] ?? "") && json(text) === undefined;
}

/** The typed error for a success whose body is not what the API documents. */
export function unexpectedAnswer(caller: Caller, request: Request, answer: Answer): OrgConnectionsError {
  const kind = answer.headers["content-type"]?.split(";")[0] ?? "no content type";
  return new OrgConnectionsError(
    "unexpected-answer",
    {
      happened:
        `${caller.baseUrl} answered ${caller.label} with something that is not an answer of Datadog's API ` +
        `(${callOf(request)}: ${answer.status}, ${encodeText(caller.blank(kind))}, ${answer.text.length} characters).`,
      advice: "Check the site, and whether a proxy or login page stands in between.",
    },
    { status: answer.status, call: callOf(request) },
  );
}

/** The longest text of a server that is repeated, in characters. */
const MAX_TEXT = 1000;

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function callOf({ route }: Request): string {
  return `${routes[route].method} ${routes[route].path}`;
}

function hostOf(location: string | undefined): string {
  try {
    return new URL(location ?? "").host;
  } catch {
    return "another address";
  }
}
