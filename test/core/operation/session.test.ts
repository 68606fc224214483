import { describe, expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import type { Connection } from "../../../core/src/api/parse.js";
import { proveCaller, requireAllowedCaller } from "../../../core/src/operation/prove-caller.js";
import { loadPreviewSnapshot } from "../../../core/src/operation/preview-snapshot.js";
import { Session, type Client } from "../../../core/src/operation/session.js";
import type { Credentials } from "../../../core/src/credentials/resolve.js";

const keys = { kind: "keys", apiKey: "x", appKey: "y", keyLocation: "headers" };

/**
 * Creates a session with a client that records its requests. `fail` makes the next request fail.
 *
 * @param issuedFor - with an identity instead of keys: the organization that its access tokens are for
 */
function createCountingSession(
  live: readonly string[] = [],
  ends: Pick<Connection, "source" | "sink"> = {},
  issuedFor?: string,
) {
  const requests: ("list" | "proof" | "organizations")[] = [];
  let failure: Error | undefined;
  const response = <T>(value: T): Promise<T> => {
    const error = failure;
    failure = undefined;
    return error ? Promise.reject(error) : Promise.resolve(value);
  };
  const client: Client = {
    list: (options) => {
      requests.push(options?.provesAbsence === true ? "proof" : "list");
      const connections = live.map((id) => ({ id, ...ends, createdAt: "", connectionTypes: ["logs"] }));
      return response({ connections, date: requests.length });
    },
    listOrganizations: () => {
      requests.push("organizations");
      return response({ callerId: "us", organizations: [] });
    },
    create: () => Promise.reject(new Error("not here")),
    update: () => Promise.reject(new Error("not here")),
    delete: () => response(undefined),
  };
  const authentication = issuedFor === undefined ? keys : { kind: "identity", organizationId: issuedFor };
  const credentials = { label: "x", authentication } as Credentials;
  return {
    requests,
    session: new Session(
      credentials,
      () => Promise.resolve(client),
      () => 0,
    ),
    fail: (code: "server-error" | "forbidden") => {
      failure = new OrgConnectionsError(code, "failed");
    },
  };
}

describe("a listing that proves an absence", () => {
  test("is never a listing without proof, however new", async () => {
    const { session, requests } = createCountingSession();
    const sequence = session.getSequence();
    await session.getListing();
    await session.getListingSince(sequence);
    expect(requests).toEqual(["list", "proof"]);
  });

  test("is shared by all callers that need one this new", async () => {
    const { session, requests } = createCountingSession();
    const sequence = session.getSequence();
    await Promise.all([session.getListingSince(sequence), session.getListingSince(sequence)]);
    await session.getListing();
    expect(requests).toEqual(["proof"]);
  });

  test("is requested again by callers that came after its request", async () => {
    const { session, requests } = createCountingSession();
    await session.getListingSince(session.getSequence());
    await session.getListingSince(session.getSequence());
    expect(requests).toEqual(["proof", "proof"]);
  });

  test("is invalidated by a write, even if it fails", async () => {
    const { session, requests, fail } = createCountingSession();
    const sequence = session.getSequence();
    await session.getListingSince(sequence);
    fail("server-error");
    await session.write((client) => client.delete("x")).catch(() => undefined);
    await session.getListingSince(sequence);
    expect(requests).toEqual(["proof", "proof"]);
  });
});

test("a listing requested during a write is invalidated by that write", async () => {
  const { session, requests } = createCountingSession();
  let finishWrite: () => void = () => undefined;
  const write = session.write(() => new Promise<void>((resolve) => (finishWrite = resolve)));
  await new Promise((resolve) => setImmediate(resolve));
  await session.getListing();
  finishWrite();
  await write;
  await session.getListing();
  expect(requests).toEqual(["list", "list"]);
});

describe("the baseline", () => {
  test("is the same for the whole operation, despite writes", async () => {
    const { session, requests } = createCountingSession();
    const first = await session.getBaselineListing();
    await session.write((client) => client.delete("x"));
    expect(await session.getBaselineListing()).toBe(first);
    expect(requests).toEqual(["proof"]);
  });

  test("is requested again after a failure", async () => {
    const { session, requests, fail } = createCountingSession();
    fail("server-error");
    await expect(session.getBaselineListing()).rejects.toThrow("failed");
    expect((await session.getBaselineListing()).connections).toEqual([]);
    expect(requests).toEqual(["proof", "proof"]);
  });

  test("is not requested only to forget a connection", () => {
    const { session, requests } = createCountingSession();
    session.removeFromBaseline("x");
    expect(requests).toEqual([]);
  });

  test("lacks every connection that was forgotten during its request", async () => {
    const { session, requests } = createCountingSession(["x", "y", "z"]);
    const first = session.getBaselineListing();
    session.removeFromBaseline("x");
    session.removeFromBaseline("y");
    await first;
    expect((await session.getBaselineListing()).connections.map(({ id }) => id)).toEqual(["z"]);
    expect(requests).toEqual(["proof"]);
  });

  test("that fails while a connection is forgotten is requested again", async () => {
    const { session, requests, fail } = createCountingSession(["x", "y"]);
    fail("server-error");
    const first = session.getBaselineListing();
    session.removeFromBaseline("x");
    await expect(first).rejects.toThrow("failed");
    expect((await session.getBaselineListing()).connections.map(({ id }) => id)).toEqual(["x", "y"]);
    expect(requests).toEqual(["proof", "proof"]);
  });
});

describe("the organizations", () => {
  test("are not requested to prove the caller if a shared listing can show it", async () => {
    const { session, requests } = createCountingSession();
    await session.getListing();
    await session.loadCaller();
    expect(requests).toEqual(["list"]);
  });

  test("are requested to prove the caller without a listing, and a failure is left to the listing", async () => {
    const { session, requests, fail } = createCountingSession();
    fail("server-error");
    await session.loadCaller();
    expect(requests).toEqual(["organizations"]);
  });

  test("are requested once if the refusal is certain", async () => {
    const { session, requests, fail } = createCountingSession();
    fail("forbidden");
    await expect(session.getOrganizations()).rejects.toThrow("failed");
    await expect(session.getOrganizations()).rejects.toThrow("failed");
    expect(requests).toEqual(["organizations"]);
  });

  test("are requested again after a transient failure", async () => {
    const { session, requests, fail } = createCountingSession();
    fail("server-error");
    await expect(session.getOrganizations()).rejects.toThrow("failed");
    expect((await session.getOrganizations()).callerId).toBe("us");
    expect(requests).toEqual(["organizations", "organizations"]);
  });

  test("prove the caller permanently", async () => {
    const { session, requests } = createCountingSession();
    await session.getOrganizations();
    expect(await session.getCallerCandidates()).toEqual(["us"]);
    expect(requests).toEqual(["organizations"]);
  });
});

test("a caller that the rows of the listing contradict is not proven, however often it is asked for", async () => {
  const { session } = createCountingSession(["a"], { source: { id: "shop" }, sink: { id: "hub" } });
  expect(await proveCaller(session)).toBeUndefined();
  expect(await proveCaller(session)).toBeUndefined();
});

test("a caller that is an end of each row is proven, and stays so", async () => {
  const { session } = createCountingSession(["a"], { source: { id: "us" }, sink: { id: "hub" } });
  expect([await proveCaller(session), await proveCaller(session)]).toEqual(["us", "us"]);
});

describe("the access token of an identity", () => {
  test("proves the caller if the list is empty, without another request", async () => {
    const { session, requests } = createCountingSession([], {}, "us");
    expect(await proveCaller(session)).toBe("us");
    expect(requests).toEqual(["list"]);
  });

  test("proves which of two ends of a single pair is the caller", async () => {
    const { session, requests } = createCountingSession(
      ["a"],
      { source: { id: "us" }, sink: { id: "hub" } },
      "hub",
    );
    expect(await proveCaller(session)).toBe("hub");
    expect(requests).toEqual(["list"]);
  });

  test("suffices for preview checks while the organizations are unavailable, and keys do not", async () => {
    const loadWithoutOrganizations = async (issuedFor?: string) => {
      const { session, fail } = createCountingSession([], {}, issuedFor);
      await session.getBaselineListing();
      fail("server-error");
      return loadPreviewSnapshot(session);
    };
    expect(await loadWithoutOrganizations("us")).toEqual({
      organizations: undefined,
      organizationsFailure: expect.objectContaining({ code: "server-error" }) as unknown,
    });
    expect(await loadWithoutOrganizations()).toMatchObject({ callerFailure: { code: "server-error" } });
  });

  test("proves nothing against the rows of a listing", async () => {
    const pair = { source: { id: "shop" }, sink: { id: "hub" } };
    const { session } = createCountingSession(["a"], pair, "us");
    expect(await proveCaller(session)).toBeUndefined();
  });

  test("is of another organization if the listing proves this", async () => {
    const { session } = createCountingSession([], {}, "them");
    await session.getOrganizations();
    const error = requireAllowedCaller(session, ["them"], "Deleting it");
    await expect(error).rejects.toMatchObject({ code: "wrong-organization" });
  });
});

describe("the next listing", () => {
  test("is requested after the call, however new the last one is", async () => {
    const { session, requests } = createCountingSession();
    await session.getListing();
    await session.getNextListing();
    await session.getNextListing();
    expect(requests).toEqual(["list", "proof", "proof"]);
  });

  test("is shared by all calls during the request before it", async () => {
    const { session, requests } = createCountingSession();
    const first = session.getListing();
    await Promise.all([first, ...Array.from({ length: 60 }, () => session.getNextListing())]);
    expect(requests).toEqual(["list", "proof"]);
  });

  test("is requested although the request before it failed", async () => {
    const { session, requests, fail } = createCountingSession();
    fail("server-error");
    const first = session.getListing();
    const next = session.getNextListing();
    await expect(first).rejects.toThrow("failed");
    expect((await next).connections).toEqual([]);
    expect(requests).toEqual(["list", "proof"]);
  });
});
