import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { isTransient } from "../../../core/src/api/failures.js";
import { NoAnswer } from "../../../core/src/api/http.js";
import { useSandbox } from "../../sandbox/harness.js";
import { clientFor, everyCall, failureOf, fakeClock, optionsFor, useRecorder } from "./harness.js";
import { hasOpenssl, useSelfSignedServer } from "./self-signed-server.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const selfSigned = useSelfSignedServer();

// The names below must be resolved here, whatever proxy the machine has.
beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

/** A GET and a POST, as they are told apart when an answer is lost. */
const get = everyCall.listConnections;
const post = everyCall.createConnection;

describe("the connection breaks", () => {
  test.each(["reset", "truncate"] as const)("by %s: connection-failed, after all tries", async (kind) => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind } });
    const error = await failureOf(get(clientFor(sandbox(), "payments", { retry: { tries: 3 } })));
    expect(error).toMatchObject({
      code: "connection-failed",
      facts: { call: "GET /api/v2/org_connections" },
    });
    expect(error.message).toContain("after 3 tries");
    expect(error.facts).not.toHaveProperty("status");
    expect(sandbox().requests).toHaveLength(3);
  });

  test.each(["reset", "truncate"] as const)("by %s once: the second try answers", async (kind) => {
    sandbox().fail({ moment: "before", what: { kind } });
    expect((await clientFor(sandbox()).list()).connections).toEqual([]);
    expect(sandbox().requests).toHaveLength(2);
  });

  test.each(["reset", "truncate"] as const)(
    "by %s under a create: connection-failed, after one try",
    async (kind) => {
      sandbox().fail({ times: Infinity, moment: "after", what: { kind } });
      const error = await failureOf(post(clientFor(sandbox())));
      expect(error.code).toBe("connection-failed");
      expect(error.message).not.toContain("tries");
      expect(sandbox().requests).toHaveLength(1);
    },
  );

  test("because nobody listens: connection-failed, with Node's code", async () => {
    const baseUrl = await closedPort();
    const error = await failureOf(get(clientFor(sandbox(), "payments", { baseUrl, retry: { tries: 1 } })));
    expect(error).toMatchObject({ code: "connection-failed", facts: { networkCode: "ECONNREFUSED" } });
  });
});

describe("nothing comes in time", () => {
  test.each(["hang", "drip"] as const)("%s is timed-out, after all tries", async (kind) => {
    const what = kind === "hang" ? { kind } : { kind, bytesPerSecond: 1 };
    sandbox().fail({ times: Infinity, moment: "before", what });
    const client = clientFor(sandbox(), "payments", { tryTimeoutMs: 250, retry: { tries: 2 } });
    const error = await failureOf(get(client));
    expect(error).toMatchObject({ code: "timed-out", facts: { networkCode: "TIMED_OUT" } });
    expect(error.message).toContain("after 2 tries");
    expect(sandbox().requests).toHaveLength(2);
  });

  test("a create is not sent again", async () => {
    sandbox().fail({ times: Infinity, moment: "after", what: { kind: "hang" } });
    const error = await failureOf(post(clientFor(sandbox(), "payments", { tryTimeoutMs: 250 })));
    expect(error.code).toBe("timed-out");
    expect(sandbox().requests).toHaveLength(1);
  });
});

describe("an answer that is none of Datadog's", () => {
  test("is not read beyond 16 MiB, and not asked for again", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "huge", bytes: 17 * 1024 * 1024 } });
    const error = await failureOf(get(clientFor(sandbox())));
    expect(error.code).toBe("answer-too-large");
    expect(error.message).toContain("16 MiB");
    expect(sandbox().requests).toHaveLength(1);
  });

  test("a gateway's page of status 502 is server-error", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "html" } });
    expect((await failureOf(get(clientFor(sandbox())))).code).toBe("server-error");
  });

  test("a login page of status 200 is unexpected-answer, and not quoted", async () => {
    sandbox().fail({ moment: "before", what: { kind: "html", status: 200 } });
    const error = await failureOf(get(clientFor(sandbox())));
    expect(error.code).toBe("unexpected-answer");
    expect(error.message).toContain("text/html");
    expect(error.message).not.toContain("<h1>");
  });

  test("another service's JSON is unexpected-answer", async () => {
    sandbox().fail({ moment: "before", what: { kind: "json", body: { data: "x" } } });
    expect((await failureOf(get(clientFor(sandbox())))).code).toBe("unexpected-answer");
  });
});

describe("a redirect", () => {
  test.each([301, 302, 307, 308])(
    "of status %i is not followed, and no key goes to the other host",
    async (status) => {
      const { baseUrl } = recorder.options();
      const location = `${baseUrl}/elsewhere`;
      for (const call of Object.values(everyCall)) {
        sandbox().fail({ moment: "before", what: { kind: "redirect", location, status } });
        const error = await failureOf(call(clientFor(sandbox())));
        expect(error.code).toBe("redirected");
        expect(error.message).toContain(new URL(baseUrl).host);
      }
      expect(recorder.arrived).toEqual([]);
      expect(sandbox().requests).toHaveLength(5);
    },
  );

  test("to the same host is not followed either", async () => {
    sandbox().fail({ moment: "before", what: { kind: "redirect", location: "/api/v2/org" } });
    expect((await failureOf(get(clientFor(sandbox())))).code).toBe("redirected");
    expect(sandbox().requests).toHaveLength(1);
  });
});

describe("no way to the server", () => {
  test("a name that does not resolve is name-not-resolved", async () => {
    const client = clientFor(sandbox(), "payments", {
      baseUrl: "https://does-not-exist.invalid",
      retry: { tries: 1 },
    });
    const error = await failureOf(get(client));
    expect(error.code).toBe("name-not-resolved");
    expect(error.message).toContain("https://does-not-exist.invalid");
  });

  test.skipIf(!hasOpenssl)(
    "a certificate that nobody signed is tls-failed, at once and without keys",
    async () => {
      const clock = fakeClock();
      const options = { ...optionsFor(sandbox()), baseUrl: selfSigned.url(), clock };
      const error = await failureOf(get(new OrgConnectionsClient(options)));
      expect(error.code).toBe("tls-failed");
      expect(error.facts.networkCode).toMatch(/SELF_SIGNED/);
      expect(error.message).toContain("NODE_EXTRA_CA_CERTS");
      expect(clock.slept).toEqual([]);
      expect(selfSigned.requests()).toBe(0);
    },
  );

  test("a server that speaks no TLS is tls-failed", async () => {
    const baseUrl = sandbox().url.replace("http:", "https:");
    const error = await failureOf(get(clientFor(sandbox(), "payments", { baseUrl })));
    expect(error.code).toBe("tls-failed");
    expect(sandbox().requests).toEqual([]);
  });
});

describe("a second try makes sense", () => {
  test.each([
    "ECONNRESET",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "EPIPE",
    "EAI_AGAIN",
    "TIMED_OUT",
    "ERR_BAD_RESPONSE",
  ])("after %s", (cause) => expect(isTransient(new NoAnswer(cause))).toBe(true));

  test.each([
    "ENOTFOUND",
    "TOO_LARGE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
  ])("not after %s", (cause) => expect(isTransient(new NoAnswer(cause))).toBe(false));
});

/** The address of a port on which nobody listens (any more). */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
