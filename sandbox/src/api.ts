import type { IncomingMessage, ServerResponse } from "node:http";
import { identifyCaller, type Caller } from "./caller.js";
import type { RequestDetails, MatchedFault } from "./fault.js";
import { type Outcome, createErrorResponse } from "./call.js";
import { parseJson, readBody } from "./input.js";
import { redactQuery, readMonotonicClock } from "./request-log.js";
import { matchRoute, type RouteMatch } from "./route-match.js";
import type { SandboxContext } from "./sandbox-context.js";
import {
  isAltering,
  pause,
  sendAltered,
  sendReplacement,
  sendResponse,
  type AlteringAction,
  type Exchange,
} from "./send-response.js";
import { parseSinkId } from "./connection-calls.js";

/** Serves one request to the imitated API. Resolves when its response is sent. */
export async function serveApi(
  context: SandboxContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  closing: AbortSignal,
): Promise<void> {
  const startedAt = readMonotonicClock();
  const body = parseJson(await readBody(request));
  const method = request.method ?? "";
  const match = matchRoute(method, url.pathname);
  const caller = await identifyCaller(context, request.headers, url.searchParams, match?.route);
  const details = describeRequest(context, match, caller, url.searchParams, body);
  const entry = context.log.add({
    at: context.now().toISOString(),
    method,
    path: url.pathname,
    query: redactQuery(url.searchParams),
    auth: caller.sent.auth,
    credentials: caller.sent.credentials,
    startedAt,
    ...details,
  });

  const client = new AbortController();
  response.on("close", () => {
    entry.endedAt ??= readMonotonicClock();
    client.abort();
  });
  // Match faults on arrival, so that they apply to requests in the order of arrival.
  const matched = context.faults.takeFirstMatch(details);
  const released = matched ? [matched.released] : [];
  const exchange = {
    serverResponse: response,
    entry,
    signal: AbortSignal.any([client.signal, closing, ...released]),
  };
  if (context.latencyMs > 0) await pause({ signal: closing }, context.latencyMs);

  await performRequest(context, exchange, matched, closing, () =>
    match
      ? context.handle(context, {
          match,
          caller,
          sent: caller.sent,
          query: url.searchParams,
          body,
        })
      : // Do not guess a response: report what the sandbox does not imitate.
        createErrorResponse(501, `the sandbox does not imitate ${method} ${url.pathname}`),
  );
}

async function performRequest(
  context: SandboxContext,
  exchange: Exchange,
  matched: MatchedFault | undefined,
  closing: AbortSignal,
  decide: () => Outcome,
): Promise<void> {
  const action = matched?.fault.what;
  const moment = matched?.fault.moment;
  const signal = matched ? AbortSignal.any([closing, matched.released]) : closing;
  // The wait continues after the client gives up: as on a real server, the request is still processed.
  const delay = action?.kind === "delay" ? action.ms : 0;
  const isDelayedBefore = moment === "before" && delay > 0;
  if (isDelayedBefore) await pause({ signal }, delay);
  if (closing.aborted) return;

  const commit = () => context.store.commit(decide);
  let outcome: Outcome | undefined;
  if (!action || action.kind === "delay" || moment === "after") outcome = commit();
  // The fault alters the response of a request that must have no effect, so discard the changes of the store.
  else if (isAltering(action)) outcome = context.store.simulate(decide);

  if (delay > 0 && !isDelayedBefore) await pause({ signal }, delay);
  if (action && !isAltering(action)) await sendReplacement(exchange, action);
  else if (outcome) await sendOutcome(exchange, outcome, action);
}

async function sendOutcome(
  exchange: Exchange,
  outcome: Outcome,
  action: AlteringAction | undefined,
): Promise<void> {
  if ("kind" in outcome) {
    if (!isAltering(outcome)) await sendReplacement(exchange, outcome);
  } else if (action) await sendAltered(exchange, action, outcome);
  else sendResponse(exchange, outcome);
}

function describeRequest(
  { store }: SandboxContext,
  match: RouteMatch | undefined,
  { organization }: Caller,
  query: URLSearchParams,
  body: unknown,
): RequestDetails {
  const connectionId = match?.connectionId;
  const requestedSinkId =
    match?.route === "createConnection" ? parseSinkId(body) : query.get("sink_org_id")?.toLowerCase();
  const sinkOrgId = (connectionId && store.findConnection(connectionId)?.sinkOrgId) || requestedSinkId;
  return {
    ...(match && { route: match.route }),
    ...(organization && { organization: organization.key }),
    ...(sinkOrgId !== undefined && { sinkOrgId }),
    ...(connectionId && { connectionId }),
  };
}
