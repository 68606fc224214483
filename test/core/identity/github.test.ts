import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, test } from "vitest";
import { expectNoTrace, useServers } from "../api/harness.js";
import { AUDIENCE, catchProblem, createToken, obtain, sendJson } from "./harness.js";

const REQUEST_TOKEN = "request-token-canary";
const TOKEN = createToken({ iss: "https://token.actions.githubusercontent.com" });
const startServer = useServers();

const createEnv = (url: string) => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: url,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
});

describe("the token of a job", () => {
  test.each(["/token?api-version=2.0&job=a%20b", "/token"])("is requested from %s", async (path) => {
    const requests: { url: string; headers: IncomingHttpHeaders }[] = [];
    const server = await startServer(({ url = "", headers }, response) => {
      requests.push({ url, headers });
      sendJson(response, { count: 1, value: TOKEN });
    });
    expect(await obtain({ type: "github" }, createEnv(server + path))).toBe(TOKEN);
    const separator = path.includes("?") ? "&" : "?";
    expect(requests.map(({ url }) => url)).toEqual([
      `${path}${separator}audience=${encodeURIComponent(AUDIENCE)}`,
    ]);
    expect(requests[0]?.headers.authorization).toBe(`bearer ${REQUEST_TOKEN}`);
  });

  test("is requested again after a failure of GitHub", async () => {
    let requestCount = 0;
    const server = await startServer((_, response) => {
      if (++requestCount === 1) sendJson(response, {}, 503);
      else sendJson(response, { value: TOKEN });
    });
    expect(await obtain({ type: "github" }, createEnv(server))).toBe(TOKEN);
    expect(requestCount).toBe(2);
  });
});

describe("without a token, the error says what to do", () => {
  test.each(["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])(
    "if %s is not set: the permission",
    async (name) => {
      const error = await catchProblem(
        { type: "github" },
        { ...createEnv("http://127.0.0.1:1"), [name]: "" },
      );
      expect(error.code).toBe("identity-missing");
      expect(error.happened).toContain(`${name} is not set`);
      expect(error.advice).toContain("`id-token: write`");
    },
  );

  test.each([
    "http://example.com/token",
    "http://127.0.0.1.example.com/token",
    "ftp://127.0.0.1/token",
    "not an address",
  ])("if the address is %s: nothing is sent", async (url) => {
    const error = await catchProblem({ type: "github" }, createEnv(url));
    expect(error.code).toBe("identity-invalid");
    expect(error.happened).toContain("is not an https address");
    expectNoTrace(error, [REQUEST_TOKEN]);
  });

  test.each([401, 403])("if GitHub refuses with %s: the permission", async (status) => {
    const server = await startServer((_, response) => sendJson(response, { message: REQUEST_TOKEN }, status));
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error).toMatchObject({ code: "identity-missing", facts: { status } });
    expect(error.advice).toContain("`id-token: write`");
    expectNoTrace(error, [REQUEST_TOKEN]);
  });

  test("if GitHub fails three times", async () => {
    let requestCount = 0;
    const server = await startServer((_, response) => {
      requestCount++;
      sendJson(response, {}, 500);
    });
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { status: 500 } });
    expect(requestCount).toBe(3);
  });

  test("if it redirects: the request token goes nowhere else", async () => {
    let requestCount = 0;
    const other = await startServer((_, response) => {
      requestCount++;
      sendJson(response, { value: TOKEN });
    });
    const server = await startServer((_, response) => response.writeHead(302, { Location: other }).end());
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { status: 302 } });
    expect(requestCount).toBe(0);
  });

  test("if it does not respond in time", async () => {
    const server = await startServer(() => undefined);
    const error = await catchProblem({ type: "github" }, createEnv(server), 300);
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { networkCode: "TIMED_OUT" } });
  });

  test("if it does not accept a connection", async () => {
    const error = await catchProblem({ type: "github" }, createEnv("http://127.0.0.1:1"), 400);
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { networkCode: "ECONNREFUSED" } });
  });

  test("if the response is large", async () => {
    const server = await startServer((_, response) => sendJson(response, { value: "x".repeat(100_000) }));
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { networkCode: "TOO_LARGE" } });
  });

  test.each([{}, { value: 1 }, [], "text"])("if the response is %j: it has no token", async (body) => {
    const server = await startServer((_, response) => sendJson(response, body));
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error.code).toBe("identity-invalid");
    expect(error.happened).toContain("a response without a token");
  });

  test.each([
    ["is no token", "canary-no-token"],
    ["has another audience", createToken({ aud: "https://github.com/example" })],
  ])("if what it sends %s", async (_, value) => {
    const server = await startServer((_request, response) => sendJson(response, { value }));
    const error = await catchProblem({ type: "github" }, createEnv(server));
    expect(error.code).toBe("identity-invalid");
    expectNoTrace(error, [value, REQUEST_TOKEN]);
  });
});
