import {
  findProxyVariable,
  isProxySet,
  PROXY_REFUSED,
  TIMED_OUT,
  TOO_LARGE,
  type NoResponseError,
  isNameNotResolved,
  isTlsFailure,
} from "./network.js";
import { formatCount } from "../text/phrases.js";
import { OrgConnectionsError, type ErrorFacts, type ErrorText } from "./org-connections-error.js";
import type { ErrorCode } from "./error-codes.js";
import { MAX_RESPONSE_BYTES, type ApiResponse, type Request } from "./http.js";
import type { MessageContext } from "./message-context.js";
import { parseJson } from "../text/data.js";
import { parseErrors } from "./parse.js";
import { parseRequestedDelay } from "./limiter.js";
import { formatCall, SUCCESS_STATUS } from "./routes.js";
import { encodeText } from "../text/escape-text.js";
import { explainExchangeStatus } from "./explain-exchange.js";
import { explainRefusal, explainUnauthenticated } from "./explain-refusal.js";

/**
 * Creates the error for a call whose last attempt was not sent, because the rate limit resets after the maximum wait of the call.
 * The last attempt has no response, so the error has no status.
 *
 * @param mayHaveBeenSent - whether an earlier attempt of this call may have been sent
 */
export function createRateLimitError(
  context: MessageContext,
  request: Request,
  retryAfterMs: number,
  mayHaveBeenSent: boolean,
): OrgConnectionsError {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
  return new OrgConnectionsError(
    "rate-limited",
    {
      happened:
        `The Datadog rate limit for ${context.label} is exhausted and resets in ${retryAfterSeconds} s, ` +
        `which is longer than this call may still wait (\`callTimeoutSeconds\` limits the total wait).`,
      advice: "Run the command again later.",
      detail: `(${formatCall(request.route)}: ${mayHaveBeenSent ? "not sent again" : "not sent"})`,
    },
    { call: formatCall(request.route), retryAfterSeconds },
  );
}

/** Creates the error for a response that is not a success. */
export function createStatusError(
  context: MessageContext,
  request: Request,
  response: ApiResponse,
): OrgConnectionsError {
  const apiErrors = parseErrors(parseJson(response.text)).map((text) =>
    encodeText(context.redact(text), MAX_QUOTE_LENGTH),
  );
  const retryAfterSeconds = parseRequestedDelay(response.status, response.headers);
  const facts: ErrorFacts = {
    status: response.status,
    call: formatCall(request.route),
    apiErrors,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
  const [code, explanation] = explainStatus(context, request, response, apiErrors);
  const quote = apiErrors.length > 0 ? `Datadog says: "${truncate(apiErrors.join("; "))}". ` : "";
  return new OrgConnectionsError(
    code,
    { ...explanation, detail: `${quote}(${formatCall(request.route)}: ${response.status})` },
    facts,
  );
}

function explainStatus(
  context: MessageContext,
  request: Request,
  response: ApiResponse,
  apiErrors: readonly string[],
): [ErrorCode, ErrorText] {
  const { label, baseUrl } = context;
  const { status, headers } = response;
  const resetSeconds = parseRequestedDelay(status, headers);
  const exchange =
    request.route === "exchangeToken" && context.workloadIdentity
      ? explainExchangeStatus({ ...context, workloadIdentity: context.workloadIdentity }, response)
      : undefined;
  if (exchange) return exchange;
  switch (status) {
    case 400:
      return ["bad-request", { happened: `Datadog rejected the request for ${label} as invalid.` }];
    case 401:
      return ["unauthenticated", explainUnauthenticated(context)];
    case 403:
      return ["forbidden", explainRefusal(context, request.route, apiErrors)];
    case 404:
      return ["not-found", { happened: `Datadog did not find the requested object for ${label}.` }];
    case 409:
      return [
        "conflict",
        { happened: `Datadog rejected the request for ${label} because the connection already exists.` },
      ];
    case 429:
      return [
        "rate-limited",
        {
          happened:
            `The Datadog rate limit for ${label} is exhausted` +
            (resetSeconds === undefined ? "." : `; it resets in ${resetSeconds} s.`),
          advice: "Run the command again later.",
        },
      ];
    default:
      if (status >= 500) {
        return [
          "server-error",
          {
            happened: `Datadog failed to process a request for ${label}.`,
            advice: "Run the command again.",
          },
        ];
      }
      if (status >= 300 && status < 400) {
        return [
          "redirected",
          {
            happened:
              `${baseUrl} redirected the request for ${label} to ` +
              `${context.redact(parseHost(headers["location"], baseUrl))}. Redirects are not followed, because they ` +
              `could send the credentials to another address.`,
            advice: "Set the correct site, or correct the proxy settings.",
          },
        ];
      }
      if (status < 300) {
        return [
          "unexpected-status",
          {
            happened:
              `${baseUrl} responded to a request for ${label} with a status other than ${SUCCESS_STATUS}, the only ` +
              `success status of this call.`,
            advice: "Check the site, and check whether a proxy or gateway intercepts the requests.",
          },
        ];
      }
      return [
        "unexpected-status",
        {
          happened: `Datadog responded to a request for ${label} with a status that this version does not support.`,
          advice:
            "Check the site and the proxy. If they are correct, check for a newer version of this package.",
        },
      ];
  }
}

/** Whether a response has error messages in the format of the API. Otherwise, an intermediary may have sent it. */
export const isFromApi = ({ text }: ApiResponse): boolean => parseErrors(parseJson(text)).length > 0;

/** Creates the error for a request without a complete response. */
export function createNetworkError(
  context: MessageContext,
  request: Request,
  failure: NoResponseError,
  attempts: number,
): OrgConnectionsError {
  const { cause } = failure;
  const facts: ErrorFacts = { call: formatCall(request.route), networkCode: cause };
  const [code, explanation] = explainNetworkFailure(context, failure, attempts);
  return new OrgConnectionsError(
    code,
    { ...explanation, detail: `(${formatCall(request.route)}: ${cause})` },
    facts,
  );
}

function explainNetworkFailure(
  { label, baseUrl, isDoctor }: MessageContext,
  { cause, proxyStatus }: NoResponseError,
  attempts: number,
): [ErrorCode, ErrorText] {
  const after = attempts > 1 ? ` after ${formatCount(attempts, "attempt")}` : "";
  if (cause === TIMED_OUT) {
    return [
      "timed-out",
      {
        happened: `${baseUrl} did not respond in time to a request for ${label}${after}.`,
        advice: "Run the command again.",
      },
    ];
  }
  if (cause === TOO_LARGE) {
    return [
      "response-too-large",
      {
        happened:
          `The response from ${baseUrl} to a request for ${label} is larger than ${MAX_RESPONSE_BYTES / 1024 / 1024} MiB ` +
          `and was not read. It is probably not from Datadog.`,
        advice: "Check the site and the proxy.",
      },
    ];
  }
  if (cause === PROXY_REFUSED) {
    return [
      "proxy-refused",
      {
        happened:
          `The proxy in ${findProxyVariable()} refused the network connection to ${baseUrl} for ${label} with status ` +
          `${String(proxyStatus)}${after}. ${attempts > 1 ? "The last attempt" : "The request"} was not sent to Datadog.`,
        advice:
          `Correct the user and password in ${findProxyVariable()}, add ${parseHost(baseUrl)} to NO_PROXY, or ask the administrator of ` +
          `the proxy to allow this host.`,
      },
    ];
  }
  if (isNameNotResolved(cause)) {
    return [
      "name-not-resolved",
      {
        happened:
          `The host name of ${baseUrl} (the site of ${label}) ` +
          `${isProxySet() ? `or of the proxy in ${findProxyVariable()} ` : ""}does not resolve${after}.`,
        advice: `Check the spelling of the site, your DNS settings and, if ${findProxyVariable()} is set, the host name of the proxy.`,
      },
    ];
  }
  if (isTlsFailure(cause)) {
    return [
      "tls-failed",
      {
        happened: `The TLS connection to ${baseUrl} for ${label} failed${after}.`,
        advice: "If a proxy issues its own certificates, set NODE_EXTRA_CA_CERTS to its CA certificate file.",
      },
    ];
  }
  return [
    "connection-failed",
    {
      happened: `The network connection to ${baseUrl} for ${label} failed${after}.`,
      advice:
        `Check the network${isProxySet() ? ` and the proxy in ${findProxyVariable()}` : ""}, then run the command again` +
        `${isDoctor ? "" : ", or `datadog-org-connections doctor` for a diagnosis"}.`,
    },
  ];
}

/** Creates the error for a response that has a success status and a JSON content type, but invalid JSON. */
export function createInvalidJsonError(
  context: MessageContext,
  request: Request,
  { status, text }: ApiResponse,
  attempts: number,
): OrgConnectionsError {
  const after = attempts > 1 ? ` after ${formatCount(attempts, "attempt")}` : "";
  return new OrgConnectionsError(
    "unexpected-response",
    {
      happened:
        `The JSON in the response from ${context.baseUrl} to a request for ${context.label} is invalid${after}. The response was ` +
        `probably truncated.`,
      advice: "Run the command again. If the error persists, check whether a proxy intercepts the requests.",
      detail: `(${formatCall(request.route)}: ${status}, ${formatCount(text.length, "character")})`,
    },
    { status, call: formatCall(request.route) },
  );
}

/** Creates the error for a response with a success status whose body does not have the documented format. */
export function createUnexpectedResponseError(
  context: MessageContext,
  request: Request,
  response: ApiResponse,
): OrgConnectionsError {
  const contentType = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  return new OrgConnectionsError(
    "unexpected-response",
    {
      happened:
        `The response from ${context.baseUrl} to a request for ${context.label} is not a response of the Datadog API ` +
        `(${formatCall(request.route)}: ${response.status}, ${encodeText(context.redact(contentType))}, ` +
        `${formatCount(response.text.length, "character")}).`,
      advice: "Check the site, and check whether a proxy or login page intercepts the requests.",
    },
    { status: response.status, call: formatCall(request.route) },
  );
}

/** The maximum length of each quoted message of a server, and of all of them together, in characters. */
const MAX_QUOTE_LENGTH = 1000;

function truncate(text: string): string {
  return text.length > MAX_QUOTE_LENGTH ? `${text.slice(0, MAX_QUOTE_LENGTH)}…` : text;
}

/**
 * Parses the host of a URL, for messages.
 *
 * @param base - the address that a relative URL is resolved against
 */
function parseHost(url: string | undefined, base?: string): string {
  try {
    return new URL(url ?? "", base).host;
  } catch {
    return "an invalid address";
  }
}
