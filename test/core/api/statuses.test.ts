import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../core/src/api/error-codes.js";
import { useSandbox } from "../../sandbox/harness.js";
import { createClient, everyCall, catchError, useRecorder } from "./harness.js";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const createFailingClient = (
  status: number,
  more: { body?: unknown; headers?: Record<string, string> } = {},
) => {
  sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status, ...more } });
  return createClient(sandbox());
};

describe("each status has its code", () => {
  test.each<[number, ErrorCode]>([
    [201, "unexpected-status"],
    [202, "unexpected-status"],
    [203, "unexpected-status"],
    [206, "unexpected-status"],
    [226, "unexpected-status"],
    [299, "unexpected-status"],
    [300, "redirected"],
    [302, "redirected"],
    [307, "redirected"],
    [308, "redirected"],
    [400, "bad-request"],
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "not-found"],
    [405, "unexpected-status"],
    [409, "conflict"],
    [418, "unexpected-status"],
    [422, "unexpected-status"],
    [429, "rate-limited"],
    [500, "server-error"],
    [501, "server-error"],
    [502, "server-error"],
    [503, "server-error"],
    [504, "server-error"],
    [599, "server-error"],
  ])("%i is %s", async (status, code) => {
    const error = await catchError(createFailingClient(status).list());
    expect(error).toMatchObject({ code, facts: { status, call: "GET /api/v2/org_connections" } });
    expect(error.message).toContain('organization "payments"');
    expect(error.message).toContain(`${status}) [${code}]`);
  });
});

describe("a status below 300 that the API does not document is not a success", () => {
  const row = {
    id: "40bbb1c2-0000-4000-8000-000000000001",
    attributes: { created_at: "2025-08-26T20:19:36Z", connection_types: ["logs"] },
  };
  test.each([
    ["listConnections", { data: [] }],
    ["createConnection", { data: row }],
    ["updateConnection", { data: row }],
    ["deleteConnection", {}],
    ["listOrganizations", { data: { id: "aaaaaaaa-0001-4000-8000-000000000001" } }],
  ] as const)("%s with 201 and the documented body", async (route, body) => {
    const error = await catchError(everyCall[route](createFailingClient(201, { body })));
    expect(error).toMatchObject({ code: "unexpected-status", facts: { status: 201 } });
    expect(error.message).toContain("proxy");
  });
});

describe("an error contains", () => {
  test("the API's error messages, in the facts and in the message", async () => {
    const error = await catchError(
      createFailingClient(400, { body: { errors: ["first", "second"] } }).list(),
    );
    expect(error.facts.apiErrors).toEqual(["first", "second"]);
    expect(error.message).toContain('Datadog says: "first; second".');
  });

  test.each<[string, unknown]>([
    ["plain text", "no JSON at all"],
    ["another shape", { message: "x" }],
    ["errors that are not strings", { errors: [{ code: 1 }] }],
    ["an empty list", { errors: [] }],
  ])("no error message of the API from %s", async (_, body) => {
    const error = await catchError(createFailingClient(400, { body }).list());
    expect(error).toMatchObject({ code: "bad-request", facts: { apiErrors: [] } });
    expect(error.message).not.toContain("Datadog says");
  });

  test("the delay that the server requests", async () => {
    const error = await catchError(
      createFailingClient(429, { headers: { "X-RateLimit-Reset": "3600" } }).list(),
    );
    expect(error.facts.retryAfterSeconds).toBe(3600);
    expect(error.message).toContain("3600 s");
  });

  test("no delay if the server requests none", async () => {
    expect((await catchError(createFailingClient(429).list())).facts).not.toHaveProperty("retryAfterSeconds");
  });

  test("with 403: all three permissions and cross-organization visibility", async () => {
    const { message } = await catchError(createFailingClient(403).list());
    for (const name of ["org_connections_read", "org_connections_write", "org_management"]) {
      expect(message).toContain(name);
    }
    expect(message).toMatch(/cross-organization visibility/);
    expect(message).toContain("DD_API_KEY__X and DD_APP_KEY__X");
  });

  test.each(["Forbidden", "This API key is disabled"])(
    "with 403 and no reason that is certain (%s): `doctor` as the next step",
    async (reason) => {
      const { advice } = await catchError(createFailingClient(403, { body: { errors: [reason] } }).list());
      expect(advice).toMatch(/^Several causes are possible\. .* run `datadog-org-connections doctor`/);
    },
  );

  const PERMISSION = { body: { errors: ["Failed permission authorization checks"] } };
  test.each([
    [
      "listConnections",
      "GET /api/v2/org_connections",
      /: the permission `org_connections_read` \(in the beta .*: `org_management`\) is missing\.$/,
    ],
    [
      "createConnection",
      "POST /api/v2/org_connections",
      /: the permission `org_connections_write` \(in the beta .*: `org_management`\) is missing\.$/,
    ],
    ["updateConnection", "PATCH /api/v2/org_connections/{id}", /: the permission `org_connections_write` /],
    ["deleteConnection", "DELETE /api/v2/org_connections/{id}", /: the permission `org_connections_write` /],
    [
      "listOrganizations",
      "GET /api/v2/org",
      /: the permission `org_management` or `org_connections_write` is missing\.$/,
    ],
  ] as const)(
    "with 403 for a missing permission of %s (%s): only this permission",
    async (route, call, happened) => {
      const error = await catchError(everyCall[route](createFailingClient(403, PERMISSION)));
      expect(error).toMatchObject({ code: "forbidden", facts: { call } });
      expect(error.happened).toMatch(happened);
      expect(error.advice).toMatch(/^Add it to the role .* run `datadog-org-connections doctor`/);
      expect(error.message).not.toMatch(/is not enabled|keys are valid/);
      expect(error.message).toContain('Datadog says: "Failed permission authorization checks"');
    },
  );

  test("with 403 for disabled cross-organization visibility: only this", async () => {
    const error = await catchError(createClient(sandbox(), "nofeature").list());
    expect(error.happened).toMatch(/: cross-organization visibility is not enabled for this organization\.$/);
    expect(error.advice).toMatch(/^Enable it in Datadog: .* run `datadog-org-connections doctor`/);
    expect(error.message).not.toMatch(/permission|keys are valid/);
  });

  test.each<[string, number, { body?: unknown; headers?: Record<string, string> }, string, string]>([
    [
      "401",
      401,
      {},
      'Datadog did not accept the keys of organization "payments", taken from DD_API_KEY__X and DD_APP_KEY__X: at least ' +
        "one of them is invalid.",
      "Check both keys, and check that URL is the correct site for them.",
    ],
    [
      "a redirect",
      302,
      { headers: { Location: "https://login.example.com/sso?x" } },
      'URL redirected the request for organization "payments" to login.example.com. Redirects are not followed, because ' +
        "they could send the credentials to another address.",
      "Set the correct site, or correct the proxy settings.",
    ],
    [
      "a page of a proxy",
      200,
      { body: "<html>", headers: { "Content-Type": "text/html; charset=utf-8" } },
      'The response from URL to a request for organization "payments" is not a response of the Datadog API (GET /api/v2/org_connections: ' +
        "200, text/html, COUNT characters).",
      "Check the site, and check whether a proxy or login page intercepts the requests.",
    ],
  ])("with %s: what happened, and what to do next", async (_, status, response, happened, advice) => {
    const error = await catchError(createFailingClient(status, response).list());
    const normalize = (text = "") =>
      text.replaceAll(sandbox().url, "URL").replace(/\d+ characters/, "COUNT characters");
    expect([normalize(error.happened), normalize(error.advice)]).toEqual([happened, advice]);
    expect(error.facts).toMatchObject({ status, call: "GET /api/v2/org_connections" });
  });

  test("nothing that the engine treats as a partial create", async () => {
    for (const status of [400, 409, 500]) {
      expect(await catchError(createFailingClient(status).create("x"))).not.toHaveProperty("id");
      sandbox().clearFaults();
    }
  });
});

describe("a server's error messages are safe to print", () => {
  test("a long message is truncated", async () => {
    const error = await catchError(
      createFailingClient(400, { body: { errors: ["x".repeat(100_000)] } }).list(),
    );
    expect(error.message.length).toBeLessThan(4_000);
    // The end is a hash of the text, so that two truncated texts differ.
    expect(error.facts.apiErrors).toEqual([expect.stringMatching(/^x{1,1000}[^x].{0,20}$/)]);
  });

  test("control characters are not printed", async () => {
    const error = await catchError(
      createFailingClient(400, { body: { errors: ["\u001b[2Jgone\u0007"] } }).list(),
    );
    expect(error.message).toContain("gone");
    // eslint-disable-next-line no-control-regex -- these characters must not be there
    expect(error.message).not.toMatch(/[\u0000-\u001f\u007f]/);
    expect(error.facts.apiErrors).toEqual(["\\u{1b}[2Jgone\\u{7}"]);
  });
});

describe("a success with an invalid body", () => {
  const bodies: [string, string][] = [
    ["HTML", "<html>log in</html>"],
    ["nothing", ""],
    ["a number", "1"],
    ["another service's JSON", '{"status":"ok"}'],
    ["truncated JSON", '{"data":['],
  ];
  const routes = Object.keys(everyCall) as (keyof typeof everyCall)[];
  const needsBody = routes.filter((route) => route !== "deleteConnection");

  test.each(needsBody.flatMap((route) => bodies.map(([what, body]) => [route, what, body] as const)))(
    "%s with %s is unexpected-response",
    async (route, _, body) => {
      recorder.reply(() => ({ body, headers: { "Content-Type": "text/html; charset=utf-8" } }));
      const client = new OrgConnectionsClient(recorder.options());
      const error = await catchError(everyCall[route](client));
      expect(error).toMatchObject({ code: "unexpected-response", facts: { status: 200 } });
      expect(error.message).toContain("text/html");
      expect(recorder.arrived).toHaveLength(1);
    },
  );

  test.each(["<html>log in</html>", '{"ok":true}', "[]", '"deleted"'])(
    "deleteConnection with %s is unexpected-response: the API responds with an empty object",
    async (body) => {
      recorder.reply(() => ({ body }));
      const error = await catchError(
        everyCall.deleteConnection(new OrgConnectionsClient(recorder.options())),
      );
      expect(error.code).toBe("unexpected-response");
    },
  );

  test("deleteConnection with {} is a success", async () => {
    recorder.reply(() => ({ body: "{}" }));
    await expect(
      everyCall.deleteConnection(new OrgConnectionsClient(recorder.options())),
    ).resolves.toBeUndefined();
  });
});
