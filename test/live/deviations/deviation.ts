import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import type { WireConnection } from "datadog-org-connections-core/api/wire.js";
import type { Call, Outcome } from "../../../sandbox/src/call.js";
import type { Store } from "../../../sandbox/src/store.js";

/** A request before the sandbox has checked its credentials, and the content of the sandbox. */
export interface DeviationCall extends Call {
  store: Store;
}

/** A response of any shape. */
interface AnyResponse {
  status: number;
  /** A string is sent unchanged, any other value as JSON. */
  body: unknown;
  headers?: Record<string, string> | undefined;
}

/**
 * Handles a request differently from the sandbox in one respect. `proceed` handles it as usual, with changes to the request if
 * any.
 */
export type Deviation = (
  call: DeviationCall,
  proceed: (changes?: Partial<DeviationCall>) => Outcome,
) => Outcome;

/** Creates the deviation of one sandbox. A deviation may remember earlier requests. */
export type CreateDeviation = () => Deviation;

/** Whether a request is one that deviates. */
type Condition = (call: DeviationCall) => boolean;

/** Creates a deviation that changes the responses to some requests. `change` returns `undefined` to leave a response as it is. */
export function changeResponses(
  change: (response: AnyResponse, call: DeviationCall) => AnyResponse | undefined,
  isAffected: Condition = () => true,
): CreateDeviation {
  return () => (call, proceed) => {
    const outcome = proceed();
    if (!isAffected(call) || ("kind" in outcome && outcome.kind !== "status")) return outcome;
    const { status, headers } = outcome;
    const changed = change({ status, body: outcome.body, headers }, call);
    return changed ? toOutcome(changed) : outcome;
  };
}

/** Creates a deviation that changes the body of each success of these routes. */
export function changeBody(
  routes: RouteName | readonly RouteName[],
  change: (body: unknown, call: DeviationCall) => unknown,
): CreateDeviation {
  return changeResponses((response, call) => {
    if (response.status !== 200) return undefined;
    const body = change(structuredClone(response.body), call);
    return body === undefined ? undefined : { ...response, body };
  }, isRoute(routes));
}

/** Creates a deviation that changes each connection in the successes of these routes. */
export function changeConnections(
  routes: RouteName | readonly RouteName[],
  change: (row: WireConnection) => unknown,
): CreateDeviation {
  return changeBody(routes, (body) => {
    const { data, ...rest } = body as { data: WireConnection | WireConnection[] };
    return { data: Array.isArray(data) ? data.map(change) : change(data), ...rest };
  });
}

/** Creates a deviation that changes the status of each success of a route. */
export const changeStatus = (route: RouteName, status: number): CreateDeviation =>
  changeResponses(
    (response) => (response.status === 200 ? { ...response, status } : undefined),
    isRoute(route),
  );

/** Creates a deviation that refuses some requests, whatever the sandbox would do with them. */
export const refuse =
  (isAffected: Condition, status: number, message: string): CreateDeviation =>
  () =>
  (call, proceed) =>
    isAffected(call) ? toOutcome({ status, body: { errors: [message] } }) : proceed();

/** Creates a deviation that changes the status and the message of a refusal. The message stays the same by default. */
export const changeRefusal = (
  isAffected: Condition,
  from: number,
  { status = from, message }: { status?: number; message?: string },
): CreateDeviation =>
  changeResponses(
    (response) =>
      response.status === from
        ? {
            ...response,
            status,
            ...(message !== undefined && { body: { errors: [message] } }),
          }
        : undefined,
    isAffected,
  );

/** Creates a deviation that handles some requests as if they were other ones. */
export const changeRequests =
  (change: (call: DeviationCall) => Partial<DeviationCall> | undefined): CreateDeviation =>
  () =>
  (call, proceed) =>
    proceed(change(call));

/** Creates a deviation that changes the bodies of some requests. `change` returns false to leave a body as it is. */
export const changeRequestBodies = (
  isAffected: Condition,
  change: (call: DeviationCall) => unknown,
): CreateDeviation =>
  changeRequests((call) => {
    const body = isAffected(call) && change(call);
    return body === false ? undefined : { body };
  });

/** Creates a condition: the route of a request is one of these. */
export const isRoute =
  (routes: RouteName | readonly RouteName[]): Condition =>
  ({ match }) =>
    [routes].flat().includes(match.route);

/** Returns an object without some of its fields. */
export function omitFields(object: object, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Converts a response of any shape to an outcome. */
export function toOutcome({ status, body, headers }: AnyResponse): Outcome {
  return { kind: "status", status, body, headers };
}
