import { matchRoute } from "../../../sandbox/src/route-match.js";
import { KEEP, simplifyBody, simplifyKeys, type ReplaceValues } from "./simplify-body.js";

/** A response as it is compared. */
interface SimplifiedResponse {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

const CONTENT_TYPE = /^[a-z]+\/[a-z.+-]+(?:; ?charset=[a-z0-9-]+)?$/i;

/** The headers of a response that are compared, and nothing else. The counts of a rate limit depend on the time. */
const COMPARED_HEADERS: Record<string, (value: string) => string> = {
  "content-type": (value) => (CONTENT_TYPE.test(value) ? value : "<string>"),
  "x-ratelimit-limit": describeCount,
  "x-ratelimit-period": describeCount,
  "x-ratelimit-remaining": describeCount,
  "x-ratelimit-reset": describeCount,
  "x-ratelimit-name": () => "<string>",
};

function describeCount(value: string): string {
  return /^\d+$/.test(value) ? "<count>" : "<string>";
}

/** Reduces a response to what a recording may contain. */
export function simplifyResponse(
  request: { method: string; path: string },
  response: { status: number; headers: Readonly<Record<string, string>>; body: string },
  values: ReplaceValues = KEEP,
): SimplifiedResponse {
  const body = parseBody(response.body);
  const route = matchRoute(request.method, request.path.split("?")[0] ?? "")?.route;
  return {
    status: response.status,
    headers: selectHeaders(response.headers),
    body: route === "listApplicationKeys" ? simplifyKeys(body) : simplifyBody(body, values),
  };
}

function selectHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(COMPARED_HEADERS).flatMap(([name, describe]) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, describe(value)]];
    }),
  );
}

/** Parses a body. A body that is not JSON is described: it could contain anything. */
export function parseBody(text: string): unknown {
  if (text === "") return "<nothing>";
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return "<not JSON>";
  }
}
