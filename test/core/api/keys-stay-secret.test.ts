import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OrgConnectionsClient, type ClientOptions } from "../../../core/src/api/client.js";
import { redactor } from "../../../core/src/api/redact.js";
import type { FaultAction } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { everyCall, expectNoTrace, failureOf, optionsFor, useRecorder } from "./harness.js";
import { hasOpenssl, useSelfSignedServer } from "./self-signed-server.js";

const sandbox = useSandbox();
const recorder = useRecorder();
const selfSigned = useSelfSignedServer();
const forms = ["headers", "query"] as const;

beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

/** Every call fails in both forms of authentication, and no error shows a key. */
async function expectSecret(options: ClientOptions): Promise<void> {
  const retry = { tries: 2 };
  for (const auth of forms) {
    for (const call of Object.values(everyCall)) {
      const error = await failureOf(
        call(new OrgConnectionsClient({ ...options, auth, retry, tryTimeoutMs: 250 })),
      );
      expectNoTrace(error, [options.apiKey, options.appKey, encodeURIComponent(options.apiKey)]);
    }
  }
}

describe("no error shows a key, however it is printed", () => {
  test.each([301, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503])("after status %i", async (status) => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status } });
    await expectSecret(optionsFor(sandbox()));
  });

  test.each<FaultAction>([
    { kind: "reset" },
    { kind: "truncate" },
    { kind: "hang" },
    { kind: "html" },
    { kind: "redirect", location: "https://example.com/" },
  ])("after $kind", async (what) => {
    sandbox().fail({ times: Infinity, moment: "before", what });
    await expectSecret(optionsFor(sandbox()));
  });

  test.each<FaultAction>([
    { kind: "html", status: 200 },
    { kind: "json", body: [] },
    { kind: "huge", bytes: 17 * 1024 * 1024 },
  ])("after $kind where an answer was due", async (what) => {
    for (const auth of forms) {
      sandbox().fail({ moment: "before", what });
      const options = { ...optionsFor(sandbox()), auth };
      expectNoTrace(await failureOf(new OrgConnectionsClient(options).list()), [
        options.apiKey,
        options.appKey,
      ]);
    }
  });

  test("after a name that does not resolve", async () => {
    const options = optionsFor(sandbox());
    const client = new OrgConnectionsClient({
      ...options,
      auth: "query",
      baseUrl: "https://does-not-exist.invalid",
      retry: { tries: 1 },
    });
    expectNoTrace(await failureOf(client.list()), [options.apiKey, options.appKey]);
  });

  test.skipIf(!hasOpenssl)("after a certificate that nobody signed", async () => {
    await expectSecret({ ...optionsFor(sandbox()), baseUrl: selfSigned.url() });
  });

  test("after a listing that is not complete", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    const options = optionsFor(sandbox());
    expectNoTrace(await failureOf(new OrgConnectionsClient(options).list()), [
      options.apiKey,
      options.appKey,
    ]);
  });
});

describe("a server that echoes the keys does not get them into an error", () => {
  const echoing = (name: "apiKey" | "appKey", shape: (key: string) => object) => {
    const options = recorder.options();
    recorder.reply(() => ({ status: 403, ...shape(options[name]) }));
    return options;
  };

  test.each(["apiKey", "appKey"] as const)("%s in the texts of the API", async (name) => {
    const options = echoing(name, (key) => ({
      body: JSON.stringify({ errors: [`${key} and ${key}`, `x${key}x`] }),
    }));
    await expectSecret(options);
    const error = await failureOf(new OrgConnectionsClient(options).list());
    expect(error.facts.apiErrors).toEqual(["[key] and [key]", "x[key]x"]);
  });

  test.each(["apiKey", "appKey"] as const)("%s in the type of the content", async (name) => {
    const options = echoing(name, (key) => ({
      status: 200,
      body: "x",
      headers: { "Content-Type": `text/${key}` },
    }));
    const error = await failureOf(new OrgConnectionsClient(options).list());
    expect(error.message).toContain("text/[key]");
    expectNoTrace(error, [options[name]]);
  });

  test.each<[string, (key: string) => string]>([
    ["path", (key) => `https://example.com/${key}`],
    ["query", (key) => `https://example.com/?api_key=${key}`],
    ["user", (key) => `https://${key}@example.com/`],
    ["host", (key) => `https://${key}.example.com/`],
    ["port's place, so that it is no address", (key) => `https://example.com:${key}`],
  ])("in the %s of a redirect", async (_, location) => {
    const options = echoing("apiKey", (key) => ({ status: 302, headers: { Location: location(key) } }));
    await expectSecret(options);
  });

  test("in the headers of a rate limit", async () => {
    await expectSecret(
      echoing("appKey", (key) => ({
        status: 429,
        headers: { "X-RateLimit-Reset": key, "X-RateLimit-Name": key },
      })),
    );
  });

  test("in the reason of the status line and in unknown headers", async () => {
    await expectSecret(echoing("apiKey", (key) => ({ status: 418, body: key, headers: { "X-Echo": key } })));
  });
});

describe("what is told besides errors", () => {
  test("a wait names the organization and the reason, no key", async () => {
    const waits: unknown[] = [];
    sandbox().fail({ moment: "before", what: { kind: "status", status: 503, body: { errors: ["x"] } } });
    const options = optionsFor(sandbox());
    await new OrgConnectionsClient({ ...options, onWait: (wait) => waits.push(wait) }).list();
    expect(waits).toHaveLength(1);
    expect(inspect(waits)).not.toContain(options.apiKey);
  });
});

describe("blanking", () => {
  test("takes every occurrence, as it is and URL-encoded", () => {
    const blank = redactor(["a+b/c", "k2"]);
    expect(blank("a+b/c, a%2Bb%2Fc, k2, k2")).toBe("[key], [key], [key], [key]");
  });

  test("takes the longer key first, so that no rest of it stays", () => {
    expect(redactor(["abc", "abcdef"])("abcdef")).toBe("[key]");
  });

  test("leaves a text alone when there is no key", () => {
    expect(redactor(["", ""])("text")).toBe("text");
  });

  test("takes no key for a pattern", () => {
    expect(redactor(["a.c"])("abc a.c")).toBe("abc [key]");
  });
});
