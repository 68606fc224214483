import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { identify, refuse, type Caller } from "./access.js";
import {
  failure,
  invalidInput,
  type Answer,
  type ApiCall,
  type HandlerContext,
  type Outcome,
} from "./answer.js";
import {
  createBody,
  createConnection,
  deleteConnection,
  readSinkId,
  updateBody,
  updateConnection,
} from "./change-connections.js";
import {
  needsAnswer,
  pause,
  sendAltered,
  sendAnswer,
  sendInstead,
  type Altering,
  type Exchange,
} from "./delivery.js";
import type { RequestSubject } from "./fault.js";
import type { MetFault } from "./fault-list.js";
import { parseJson, readBody } from "./input.js";
import { listConnections } from "./list-connections.js";
import { listOrganizations } from "./list-organizations.js";
import { listApplicationKeys, validateApiKey, validateKeys } from "./key-management.js";
import { blankKeys, steadyNow } from "./request-log.js";
import { matchRoute, type RouteMatch } from "./route-match.js";
import type { World } from "./world.js";

/** Decides what a call is answered; `body` is parsed JSON, `undefined` without a well-formed one. */
type Handler = (context: HandlerContext, call: ApiCall, body: unknown) => Outcome;

const handlers: Record<RouteName, Handler> = {
  listConnections,
  createConnection: parseBodyFor(createBody, createConnection),
  updateConnection: parseBodyFor(updateBody, updateConnection),
  deleteConnection,
  listOrganizations,
  validateApiKey,
  validateKeys,
  listApplicationKeys,
};

/** Adds the parsing of the body to a handler. */
function parseBodyFor<Body>(
  schema: v.GenericSchema<unknown, Body>,
  handle: (context: HandlerContext, call: ApiCall, body: Body) => Outcome,
): Handler {
  return (context, call, body) => {
    const parsed = v.safeParse(schema, body);
    return parsed.success ? handle(context, call, parsed.output) : invalidInput();
  };
}

/** Takes one request to the imitated API from its arrival to the end of its answer. */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  closing: AbortSignal,
): Promise<void> {
  const startedAt = steadyNow();
  const body = parseJson(await readBody(request));
  const method = request.method ?? "";
  const match = matchRoute(method, url.pathname);
  const caller = identify(world.store, request.headers, url.searchParams, match?.route);
  const subject = describeSubject(world, match, caller, url.searchParams, body);
  const entry = world.log.begin({
    at: world.now().toISOString(),
    method,
    path: url.pathname,
    query: blankKeys(url.searchParams),
    auth: caller.auth,
    startedAt,
    ...subject,
  });

  const client = new AbortController();
  response.on("close", () => {
    entry.endedAt ??= steadyNow();
    client.abort();
  });
  // Taken at arrival, so that a fault meets requests in the order in which they came.
  const met = world.faults.take(subject);
  const released = met ? [met.released] : [];
  const exchange = { response, entry, gone: AbortSignal.any([client.signal, closing, ...released]) };
  if (world.latencyMs > 0) await pause({ gone: closing }, world.latencyMs);

  await perform(world, exchange, met, closing, () =>
    match
      ? answerCall(world, match, caller, url.searchParams, body)
      : // Never a guess: what is not imitated says so.
        failure(501, `the sandbox does not imitate ${method} ${url.pathname}`),
  );
}

async function perform(
  world: World,
  exchange: Exchange,
  met: MetFault | undefined,
  closing: AbortSignal,
  decide: () => Outcome,
): Promise<void> {
  const action = met?.fault.what;
  const moment = met?.fault.moment;
  const gone = met ? AbortSignal.any([closing, met.released]) : closing;
  // A wait goes on when the client has given up: a request under way still lands, as in real life.
  const delay = action?.kind === "delay" ? action.ms : 0;
  const delayed = moment === "before" && delay > 0;
  if (delayed) await pause({ gone }, delay);
  if (closing.aborted) return;

  const work = () => world.store.commit(decide);
  let outcome: Outcome | undefined;
  if (!action || action.kind === "delay" || moment === "after") outcome = work();
  // The answer of a success that never was: the store is as before.
  else if (needsAnswer(action)) outcome = world.store.tryOut(decide);

  if (delay > 0 && !delayed) await pause({ gone }, delay);
  if (action && !needsAnswer(action)) await sendInstead(exchange, action);
  else if (outcome) await send(exchange, outcome, action);
}

async function send(exchange: Exchange, outcome: Outcome, action: Altering | undefined): Promise<void> {
  if ("kind" in outcome) {
    if (!needsAnswer(outcome)) await sendInstead(exchange, outcome);
  } else if (action) await sendAltered(exchange, action, outcome);
  else sendAnswer(exchange, outcome);
}

/** Keys, then rate limit, then permissions, then the call itself. */
function answerCall(
  world: World,
  { route, connectionId }: RouteMatch,
  { organization, refusal }: Caller,
  query: URLSearchParams,
  body: unknown,
): Outcome {
  if (!organization) return refusal;
  const { allowed, headers } = world.limiter.count(organization.key);
  const outcome = !allowed
    ? failure(429, "Too many requests")
    : (refuse(route, organization) ??
      handlers[route](world, { caller: organization, query, connectionId }, body));
  return "kind" in outcome ? outcome : withHeaders(outcome, headers);
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function describeSubject(
  { store }: World,
  match: RouteMatch | undefined,
  { organization }: Caller,
  query: URLSearchParams,
  body: unknown,
): RequestSubject {
  const connectionId = match?.connectionId;
  const named =
    match?.route === "createConnection" ? readSinkId(body) : query.get("sink_org_id")?.toLowerCase();
  const sinkOrgId = (connectionId && store.connection(connectionId)?.sinkOrgId) || named;
  return {
    ...(match && { route: match.route }),
    ...(organization && { organization: organization.key }),
    ...(sinkOrgId !== undefined && { sinkOrgId }),
    ...(connectionId && { connectionId }),
  };
}
