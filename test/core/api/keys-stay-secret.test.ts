import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listSecrets, type Authentication } from "../../../core/src/api/authentication.js";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { createRedactor } from "../../../core/src/text/escape-text.js";
import type { FaultAction } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import {
  everyCall,
  expectNoTrace,
  catchError,
  createClientOptions,
  createKeys,
  useRecorder,
  type OptionsWithKeys,
} from "./harness.js";
import { hasOpenssl, useSelfSignedServer } from "./local-ca.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const selfSigned = useSelfSignedServer();

/** Lists every form of authentication with the same secrets: the token is the application key. */
const listForms = ({ authentication }: OptionsWithKeys): Authentication[] => [
  authentication,
  { ...authentication, keyLocation: "query" },
  { kind: "token", token: authentication.appKey },
];

beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

/** Expects every call to fail with both forms of authentication, without an error that contains a key. */
async function expectSecret(options: OptionsWithKeys): Promise<void> {
  const retry = { maxAttempts: 2 };
  for (const authentication of listForms(options)) {
    for (const call of Object.values(everyCall)) {
      const error = await catchError(
        call(new OrgConnectionsClient({ ...options, authentication, retry, requestTimeoutMs: 250 })),
      );
      expectNoTrace(
        error,
        listSecrets(authentication).flatMap((secret) => [secret, encodeURIComponent(secret)]),
      );
    }
  }
}

describe("no error contains a key in any form of output", () => {
  test.each([301, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503])("after status %i", async (status) => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status } });
    await expectSecret(createClientOptions(sandbox()));
  });

  test.each<FaultAction>([
    { kind: "reset" },
    { kind: "truncate" },
    { kind: "hang" },
    { kind: "html" },
    { kind: "redirect", location: "https://example.com/" },
  ])("after $kind", async (what) => {
    sandbox().fail({ times: Infinity, moment: "before", what });
    await expectSecret(createClientOptions(sandbox()));
  });

  test.each<FaultAction>([
    { kind: "html", status: 200 },
    { kind: "json", body: [] },
    { kind: "huge", bytes: 17 * 1024 * 1024 },
  ])("after $kind in place of a response", async (what) => {
    for (const authentication of listForms(createClientOptions(sandbox()))) {
      sandbox().fail({ moment: "before", what });
      const client = new OrgConnectionsClient({ ...createClientOptions(sandbox()), authentication });
      expectNoTrace(await catchError(client.list()), listSecrets(authentication));
    }
  });

  test("after a host name that cannot be resolved", async () => {
    const options = createClientOptions(sandbox());
    const client = new OrgConnectionsClient({
      ...options,
      authentication: { ...options.authentication, keyLocation: "query" },
      baseUrl: "https://does-not-exist.invalid",
      retry: { maxAttempts: 1 },
    });
    expectNoTrace(await catchError(client.list()), listSecrets(options.authentication));
  });

  test.skipIf(!hasOpenssl)("after a self-signed certificate", async () => {
    await expectSecret({ ...createClientOptions(sandbox()), baseUrl: selfSigned.url() });
  });

  test("after an incomplete listing", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    const options = createClientOptions(sandbox());
    expectNoTrace(
      await catchError(new OrgConnectionsClient(options).list()),
      listSecrets(options.authentication),
    );
  });
});

describe("keys that a server echoes do not appear in an error", () => {
  const createEchoOptions = (name: "apiKey" | "appKey", shape: (key: string) => object) => {
    const options = {
      ...recorder.options(),
      authentication: createKeys("an-api-key-of-payments", "an-app-key-of-payments"),
    };
    recorder.reply(() => ({ status: 403, ...shape(options.authentication[name]) }));
    return options;
  };

  test.each(["apiKey", "appKey"] as const)("%s in the error messages of the API", async (name) => {
    const options = createEchoOptions(name, (key) => ({
      body: JSON.stringify({ errors: [`${key} and ${key}`, `x${key}x`] }),
    }));
    await expectSecret(options);
    const error = await catchError(new OrgConnectionsClient(options).list());
    expect(error.facts.apiErrors).toEqual(["[credential] and [credential]", "x[credential]x"]);
  });

  test("a token in the error messages of the API", async () => {
    const token = "a-token-of-payments";
    recorder.reply(() => ({ status: 403, body: JSON.stringify({ errors: [`${token} is not active`] }) }));
    const options = { ...recorder.options(), authentication: { kind: "token", token } as const };
    const error = await catchError(new OrgConnectionsClient(options).list());
    expect(error.facts.apiErrors).toEqual(["[credential] is not active"]);
    expectNoTrace(error, [token]);
  });

  test.each(["apiKey", "appKey"] as const)("%s in the content type", async (name) => {
    const options = createEchoOptions(name, (key) => ({
      status: 200,
      body: "x",
      headers: { "Content-Type": `text/${key}` },
    }));
    const error = await catchError(new OrgConnectionsClient(options).list());
    expect(error.message).toContain("text/[credential]");
    expectNoTrace(error, [options.authentication[name]]);
  });

  test.each<[string, (key: string) => string]>([
    ["path", (key) => `https://example.com/${key}`],
    ["query", (key) => `https://example.com/?api_key=${key}`],
    ["user", (key) => `https://${key}@example.com/`],
    ["host", (key) => `https://${key}.example.com/`],
    ["port, so that the address is invalid", (key) => `https://example.com:${key}`],
  ])("in the %s of a redirect", async (_, location) => {
    const options = createEchoOptions("apiKey", (key) => ({
      status: 302,
      headers: { Location: location(key) },
    }));
    await expectSecret(options);
  });

  test("in the headers of a rate limit", async () => {
    await expectSecret(
      createEchoOptions("appKey", (key) => ({
        status: 429,
        headers: { "X-RateLimit-Reset": key, "X-RateLimit-Name": key },
      })),
    );
  });

  test("in the status line and in unknown headers", async () => {
    await expectSecret(
      createEchoOptions("apiKey", (key) => ({ status: 418, body: key, headers: { "X-Echo": key } })),
    );
  });
});

describe("other output", () => {
  test("a wait reports the organization and the reason, but no key", async () => {
    const waits: unknown[] = [];
    sandbox().fail({ moment: "before", what: { kind: "status", status: 503, body: { errors: ["x"] } } });
    const options = createClientOptions(sandbox());
    await new OrgConnectionsClient({ ...options, onWait: (wait) => waits.push(wait) }).list();
    expect(waits).toHaveLength(1);
    expect(inspect(waits)).not.toContain(options.authentication.apiKey);
  });
});

describe("redaction", () => {
  test("replaces every occurrence, plain and URL-encoded", () => {
    const redact = createRedactor(["a+b/c", "k2"]);
    expect(redact("a+b/c, a%2Bb%2Fc, k2, k2")).toBe("[credential], [credential], [credential], [credential]");
  });

  test("replaces the longer key first, so that no part of it remains", () => {
    expect(createRedactor(["abc", "abcdef"])("abcdef")).toBe("[credential]");
  });

  test("does not change a string if there is no key", () => {
    expect(createRedactor(["", ""])("text")).toBe("text");
  });

  test("does not treat a key as a pattern", () => {
    expect(createRedactor(["a.c"])("abc a.c")).toBe("abc [credential]");
  });
});
