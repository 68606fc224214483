import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { isTransient, NoResponseError } from "../../../core/src/api/network.js";
import { useSandbox } from "../../sandbox/harness.js";
import {
  createClient,
  everyCall,
  catchError,
  createFakeClock,
  createClientOptions,
  useRecorder,
} from "./harness.js";
import { hasOpenssl, useSelfSignedServer } from "./local-ca.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const selfSigned = useSelfSignedServer();

// This process must resolve the host names below, even if the machine has a proxy.
beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

/** A GET and a POST, because they are handled differently after an unknown outcome. */
const callList = everyCall.listConnections;
const callCreate = everyCall.createConnection;

describe("the connection fails", () => {
  test.each(["reset", "truncate"] as const)("by %s: connection-failed, after all attempts", async (kind) => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind } });
    const error = await catchError(
      callList(createClient(sandbox(), "payments", { retry: { maxAttempts: 3 } })),
    );
    expect(error).toMatchObject({
      code: "connection-failed",
      facts: { call: "GET /api/v2/org_connections" },
    });
    expect(error.message).toContain("after 3 attempts");
    expect(error.facts).not.toHaveProperty("status");
    expect(sandbox().requests).toHaveLength(3);
  });

  test.each(["reset", "truncate"] as const)(
    "by %s during a create: connection-failed, after one attempt",
    async (kind) => {
      sandbox().fail({ times: Infinity, moment: "after", what: { kind } });
      const error = await catchError(callCreate(createClient(sandbox())));
      expect(error.code).toBe("connection-failed");
      expect(error.message).not.toContain("attempts");
      expect(sandbox().requests).toHaveLength(1);
    },
  );

  test("with a proxy set: the advice names its variable, and doctor except in doctor itself", async () => {
    vi.stubEnv("ALL_PROXY", "http://proxy.invalid");
    vi.stubEnv("NO_PROXY", "*");
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "reset" } });
    const fail = (isDoctor: boolean) =>
      catchError(callList(createClient(sandbox(), "payments", { isDoctor, retry: { maxAttempts: 1 } })));
    expect((await fail(false)).advice).toMatch(/the proxy in ALL_PROXY.* doctor` for a diagnosis\.$/);
    expect((await fail(true)).advice).toMatch(/the proxy in ALL_PROXY, then run the command again\.$/);
  });

  test("because no server listens: connection-failed, with Node's error code", async () => {
    const baseUrl = await findClosedPort();
    const error = await catchError(
      callList(createClient(sandbox(), "payments", { baseUrl, retry: { maxAttempts: 1 } })),
    );
    expect(error).toMatchObject({ code: "connection-failed", facts: { networkCode: "ECONNREFUSED" } });
  });
});

describe("no response arrives in time", () => {
  test.each(["hang", "drip"] as const)("%s is timed-out, after all attempts", async (kind) => {
    // The bytes arrive more often than the timeout: it limits the whole attempt, not its pauses.
    const what = kind === "hang" ? { kind } : { kind, bytesPerSecond: 40 };
    sandbox().fail({ times: Infinity, moment: "before", what });
    const client = createClient(sandbox(), "payments", { requestTimeoutMs: 250, retry: { maxAttempts: 2 } });
    const error = await catchError(callList(client));
    expect(error).toMatchObject({ code: "timed-out", facts: { networkCode: "TIMED_OUT" } });
    expect(error.message).toContain("after 2 attempts");
    expect(sandbox().requests).toHaveLength(2);
  });

  test("a create is not sent again", async () => {
    sandbox().fail({ times: Infinity, moment: "after", what: { kind: "hang" } });
    const error = await catchError(
      callCreate(createClient(sandbox(), "payments", { requestTimeoutMs: 250 })),
    );
    expect(error.code).toBe("timed-out");
    expect(sandbox().requests).toHaveLength(1);
  });
});

describe("a response that is not from Datadog", () => {
  test("is not read beyond 16 MiB, and not requested again", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "huge", bytes: 17 * 1024 * 1024 } });
    const error = await catchError(callList(createClient(sandbox())));
    expect(error.code).toBe("response-too-large");
    expect(error.message).toContain("16 MiB");
    expect(sandbox().requests).toHaveLength(1);
  });
});

describe("a redirect", () => {
  test.each([301, 302, 307, 308])(
    "with status %i is not followed, and no key is sent to the other host",
    async (status) => {
      const { baseUrl } = recorder.options();
      const location = `${baseUrl}/elsewhere`;
      for (const call of Object.values(everyCall)) {
        sandbox().fail({ moment: "before", what: { kind: "redirect", location, status } });
        const error = await catchError(call(createClient(sandbox())));
        expect(error.code).toBe("redirected");
        expect(error.message).toContain(new URL(baseUrl).host);
      }
      expect(recorder.arrived).toEqual([]);
      expect(sandbox().requests).toHaveLength(5);
    },
  );

  test("to the same host is not followed either", async () => {
    sandbox().fail({ moment: "before", what: { kind: "redirect", location: "/api/v2/org" } });
    const { code, happened } = await catchError(callList(createClient(sandbox())));
    expect(code).toBe("redirected");
    expect(happened).toContain(`to ${new URL(sandbox().url).host}.`);
    expect(sandbox().requests).toHaveLength(1);
  });
});

describe("the server cannot be reached", () => {
  test("a host name that cannot be resolved is name-not-resolved", async () => {
    const client = createClient(sandbox(), "payments", {
      baseUrl: "https://does-not-exist.invalid",
      retry: { maxAttempts: 1 },
    });
    const error = await catchError(callList(client));
    expect(error.code).toBe("name-not-resolved");
    expect(error.message).toContain("https://does-not-exist.invalid");
  });

  test.skipIf(!hasOpenssl)(
    "a self-signed certificate is tls-failed, without another attempt and without keys",
    async () => {
      const clock = createFakeClock();
      const options = { ...createClientOptions(sandbox()), baseUrl: selfSigned.url(), clock };
      const error = await catchError(callList(new OrgConnectionsClient(options)));
      expect(error.code).toBe("tls-failed");
      expect(error.facts.networkCode).toMatch(/SELF_SIGNED/);
      expect(error.message).toContain("NODE_EXTRA_CA_CERTS");
      expect(clock.slept).toEqual([]);
      expect(selfSigned.requests()).toBe(0);
    },
  );

  test("a server without TLS is tls-failed", async () => {
    const baseUrl = sandbox().url.replace("http:", "https:");
    const error = await catchError(callList(createClient(sandbox(), "payments", { baseUrl })));
    expect(error.code).toBe("tls-failed");
    expect(sandbox().requests).toEqual([]);
  });
});

describe("another attempt may succeed", () => {
  test.each([
    "ECONNRESET",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "EPIPE",
    "EAI_AGAIN",
    "TIMED_OUT",
    "ERR_BAD_RESPONSE",
  ])("after %s", (cause) => expect(isTransient(new NoResponseError(cause))).toBe(true));

  test.each([
    "ENOTFOUND",
    "TOO_LARGE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "CERT_HAS_EXPIRED",
    "CRL_HAS_EXPIRED",
    "INVALID_CA",
    "INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
  ])("not after %s", (cause) => expect(isTransient(new NoResponseError(cause))).toBe(false));
});

/** Returns the address of a port without a server. */
async function findClosedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
