import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { GcpIdentity } from "../../../core/src/api/identity.js";
import { catchError, expectNoTrace, useServers } from "../api/harness.js";
import { AUDIENCE, createContext, createToken, ORGANIZATION_ID, sendJson } from "./harness.js";

const TOKEN = createToken({ iss: "https://accounts.google.com" });
const startServer = useServers();

beforeEach(() => {
  vi.unstubAllEnvs();
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  vi.stubEnv("CLOUDSDK_CONFIG", "/no/such/folder");
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
  // The module keeps the credentials.
  vi.resetModules();
  vi.doUnmock("google-auth-library");
});

async function obtain(
  identity: GcpIdentity = { type: "gcp" },
  env: Record<string, string> = {},
  timeoutMs?: number,
) {
  const { obtainProof } = await import("../../../core/src/identity/obtain-proof.js");
  return obtainProof(identity, ORGANIZATION_ID, createContext(env, timeoutMs));
}

/** Starts an imitation of the metadata server of Google Cloud, and selects it. */
async function startMetadataServer(token: string): Promise<string[]> {
  const requests: string[] = [];
  const url = await startServer((request, response) => {
    requests.push(request.url ?? "");
    response.setHeader("Metadata-Flavor", "Google");
    if (request.url?.includes("/identity?") === true) response.end(token);
    else if (request.url?.includes("universe") === true) response.end("googleapis.com");
    else sendJson(response, {});
  });
  vi.stubEnv("GCE_METADATA_HOST", url.replace("http://", ""));
  vi.stubEnv("METADATA_SERVER_DETECTION", "assume-present");
  return requests;
}

describe("the proof is an identity token for the organization", () => {
  test.each(["DD_GCP_IDENTITY_TOKEN__PAYMENTS", "DD_GCP_IDENTITY_TOKEN"])("from %s", async (name) => {
    expect(await obtain({ type: "gcp", serviceAccount: "a@b.example" }, { [name]: TOKEN })).toBe(TOKEN);
  });

  test("from the variable of the organization, if both are set", async () => {
    const env = {
      DD_GCP_IDENTITY_TOKEN__PAYMENTS: TOKEN,
      DD_GCP_IDENTITY_TOKEN: createToken({ aud: "other" }),
    };
    expect(await obtain({ type: "gcp" }, env)).toBe(TOKEN);
  });

  test("of the service account of a machine", async () => {
    const requests = await startMetadataServer(TOKEN);
    expect(await obtain()).toBe(TOKEN);
    const request = new URL(requests.find((url) => url.includes("/identity")) ?? "", "http://metadata");
    expect(request.searchParams.get("audience")).toBe(AUDIENCE);
  });

  test("of an impersonated service account, with its email address, by which Datadog maps it", async () => {
    const calls: unknown[] = [];
    vi.doMock("google-auth-library", () => ({
      GoogleAuth: class {
        getClient = () => Promise.resolve("the source");
      },
      Impersonated: class {
        constructor(options: unknown) {
          calls.push(options);
        }
        fetchIdToken(...args: unknown[]) {
          calls.push(args);
          return Promise.resolve(TOKEN);
        }
      },
    }));
    const serviceAccount = "connections@project.iam.gserviceaccount.com";
    expect(await obtain({ type: "gcp", serviceAccount })).toBe(TOKEN);
    expect(calls).toEqual([
      expect.objectContaining({ sourceClient: "the source", targetPrincipal: serviceAccount }),
      [AUDIENCE, { includeEmail: true }],
    ]);
  });
});

describe("without a token, the error says what to do", () => {
  test("if the workload has no credentials", async () => {
    const error = await catchError(obtain());
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain('organization "payments"');
    expect(error.advice).toContain("DD_GCP_IDENTITY_TOKEN__PAYMENTS");
  });

  test("if a token has another audience: the command that creates one", async () => {
    const token = createToken({ aud: "datadog/another" });
    const error = await catchError(obtain({ type: "gcp" }, { DD_GCP_IDENTITY_TOKEN: token }));
    expect(error.code).toBe("identity-invalid");
    expect(error.advice).toContain(`gcloud auth print-identity-token --audiences=${AUDIENCE}`);
    expectNoTrace(error, [token]);
  });

  test("if a library fails: not its message, which may contain a credential", async () => {
    vi.doMock("google-auth-library", () => ({
      GoogleAuth: class {
        getIdTokenClient = () => Promise.reject(new TypeError("canary-credential"));
      },
    }));
    const error = await catchError(obtain());
    expect(error).toMatchObject({ code: "identity-missing", detail: "(TypeError)" });
    expectNoTrace(error, ["canary-credential"]);
  });

  test.each([
    ["directly", Object.assign(new Error("canary"), { code: "ECONNRESET" })],
    ["as its cause", new Error("canary", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) })],
  ])("if the network fails, with a code %s", async (_, failure) => {
    vi.doMock("google-auth-library", () => ({
      GoogleAuth: class {
        getIdTokenClient = () => Promise.reject(failure);
      },
    }));
    const error = await catchError(obtain());
    expect(error).toMatchObject({ code: "issuer-unreachable", facts: { networkCode: "ECONNRESET" } });
  });

  test("if Google does not respond in time", async () => {
    vi.doMock("google-auth-library", () => ({
      GoogleAuth: class {
        getIdTokenClient = () => delay(20_000);
      },
    }));
    expect((await catchError(obtain({ type: "gcp" }, {}, 100))).code).toBe("issuer-unreachable");
  });
});
