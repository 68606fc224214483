/** The rate limit of `GET /api/v2/org`, which can differ from that of the calls for connections. */
import { describe, expect, test } from "vitest";
import { ApiCalls } from "../../../core/src/api/call.js";
import type { Request } from "../../../core/src/api/http.js";
import type { RouteName } from "../../../core/src/api/routes.js";
import { catchError, createFakeClock, createKeys, ID } from "./harness.js";

const RESET = { "x-ratelimit-reset": "1800" };

/** What a response to `GET /api/v2/org` reports about a rate limit that is exhausted. */
const EXHAUSTED: [number, Record<string, string>][] = [
  [429, RESET],
  [200, { ...RESET, "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0" }],
];

/**
 * Creates the calls of an organization, and records the routes of the requests.
 *
 * @param organizations - the status and the headers of the responses to `GET /api/v2/org`
 * @param names - the names of the rate limits of that call and of the others, if the responses contain them
 */
function createCalls(
  [status, headers]: [number, Record<string, string>],
  names: { organizations?: string; connections?: string },
) {
  const createHeaders = (name?: string) => (name === undefined ? {} : { "x-ratelimit-name": name });
  const sent: RouteName[] = [];
  const send = ({ route }: Request) => {
    sent.push(route);
    return Promise.resolve(
      route === "listOrganizations"
        ? { status, headers: { ...headers, ...createHeaders(names.organizations) }, text: "{}" }
        : { status: 200, headers: createHeaders(names.connections), text: "{}" },
    );
  };
  const clock = createFakeClock();
  const calls = new ApiCalls(
    {
      baseUrl: "https://api.datadoghq.com",
      authentication: createKeys("a", "b"),
      label: "the default organization",
      credentialsFrom: "DD_API_KEY and DD_APP_KEY",
      clock,
    },
    { open: () => Promise.resolve({ send, dropToken: () => false }), listSecrets: () => [] },
  );
  const call = (route: RouteName) => calls.send({ route, connectionId: ID }, () => route);
  return { call, sent, clock };
}

describe.each(EXHAUSTED)(
  "if a %i of GET /api/v2/org shows that its own rate limit is exhausted",
  (...response) => {
    const names = { organizations: "organizations", connections: "connections" };

    test.each([
      ["after a list", ["listConnections", "listOrganizations"]],
      ["before a list", ["listOrganizations", "listConnections"]],
      ["and nothing else was sent", ["listOrganizations"]],
    ] as const)("%s, the calls for connections are sent at once", async (_, first) => {
      const { call, sent, clock } = createCalls(response, names);
      for (const route of first) await call(route).catch(() => undefined);
      for (const route of ["createConnection", "listConnections"] as const)
        expect(await call(route)).toBe(route);
      expect(sent).toEqual([...first, "createConnection", "listConnections"]);
      expect(clock.slept).toEqual([]);
    });

    test("it is not sent again before the reset", async () => {
      const { call, sent } = createCalls(response, names);
      await call("listOrganizations").catch(() => undefined);
      await call("listConnections");
      expect(await catchError(call("listOrganizations"))).toMatchObject({ code: "rate-limited" });
      expect(sent).toEqual(["listOrganizations", "listConnections"]);
    });

    test.each([
      ["no response names a rate limit", {}],
      ["all calls have the same rate limit", { organizations: "all", connections: "all" }],
      ["only other responses name a rate limit", { connections: "connections" }],
    ])("and %s, the calls for connections are not sent", async (_, sameNames) => {
      const { call, sent } = createCalls(response, sameNames);
      await call("listConnections");
      await call("listOrganizations").catch(() => undefined);
      expect(await catchError(call("createConnection"))).toMatchObject({ code: "rate-limited" });
      expect(sent).toEqual(["listConnections", "listOrganizations"]);
    });
  },
);
