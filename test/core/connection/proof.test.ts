import { describe, expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { Session, type Client } from "../../../core/src/operation/session.js";
import type { Credentials } from "../../../core/src/credentials/resolve.js";

/** A session over a client that only counts; `fail` makes its next call fail. */
function counting(live: readonly string[] = []) {
  const asked: ("list" | "proof" | "organizations")[] = [];
  let failure: Error | undefined;
  const answer = <T>(value: T): Promise<T> => {
    const error = failure;
    failure = undefined;
    return error ? Promise.reject(error) : Promise.resolve(value);
  };
  const client: Client = {
    list: (options) => {
      asked.push(options?.proof === true ? "proof" : "list");
      const connections = live.map((id) => ({ id, createdAt: "", connectionTypes: ["logs"] }));
      return answer({ connections, date: asked.length });
    },
    organizations: () => {
      asked.push("organizations");
      return answer({ callerId: "us", organizations: [] });
    },
    create: () => Promise.reject(new Error("not here")),
    update: () => Promise.reject(new Error("not here")),
    delete: () => answer(undefined),
  };
  const credentials = { label: "x" } as Credentials;
  return {
    asked,
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

describe("a listing on whose gaps one relies", () => {
  test("is never one that was had without proof, however fresh", async () => {
    const { session, asked } = counting();
    const moment = session.moment();
    await session.listing();
    await session.listingSince(moment);
    expect(asked).toEqual(["list", "proof"]);
  });

  test("serves all who ask for one that is no older", async () => {
    const { session, asked } = counting();
    const moment = session.moment();
    await Promise.all([session.listingSince(moment), session.listingSince(moment)]);
    await session.listing();
    expect(asked).toEqual(["proof"]);
  });

  test("is asked for again by whoever came after it began", async () => {
    const { session, asked } = counting();
    await session.listingSince(session.moment());
    await session.listingSince(session.moment());
    expect(asked).toEqual(["proof", "proof"]);
  });

  test("ends with a write of ours, also one that fails", async () => {
    const { session, asked, fail } = counting();
    const moment = session.moment();
    await session.listingSince(moment);
    fail("server-error");
    await session.write((client) => client.delete("x")).catch(() => undefined);
    await session.listingSince(moment);
    expect(asked).toEqual(["proof", "proof"]);
  });
});

test("a listing begun while a write of ours is on its way ends with that write", async () => {
  const { session, asked } = counting();
  let land: () => void = () => undefined;
  const write = session.write(() => new Promise<void>((resolve) => (land = resolve)));
  await new Promise((resolve) => setImmediate(resolve));
  await session.listing();
  land();
  await write;
  await session.listing();
  expect(asked).toEqual(["list", "list"]);
});

describe("the baseline", () => {
  test("is one for the whole operation, whatever is written meanwhile", async () => {
    const { session, asked } = counting();
    const first = await session.baseline();
    await session.write((client) => client.delete("x"));
    expect(await session.baseline()).toBe(first);
    expect(asked).toEqual(["proof"]);
  });

  test("that failed is asked for again", async () => {
    const { session, asked, fail } = counting();
    fail("server-error");
    await expect(session.baseline()).rejects.toThrow("failed");
    expect((await session.baseline()).connections).toEqual([]);
    expect(asked).toEqual(["proof", "proof"]);
  });

  test("is not asked for only to forget a connection", () => {
    const { session, asked } = counting();
    session.forget("x");
    expect(asked).toEqual([]);
  });

  test("lacks every connection that was forgotten while it was on its way", async () => {
    const { session, asked } = counting(["x", "y", "z"]);
    const first = session.baseline();
    session.forget("x");
    session.forget("y");
    await first;
    expect((await session.baseline()).connections.map(({ id }) => id)).toEqual(["z"]);
    expect(asked).toEqual(["proof"]);
  });

  test("that fails while a connection is forgotten fails for nobody else, and is asked for again", async () => {
    const { session, asked, fail } = counting(["x", "y"]);
    fail("server-error");
    const first = session.baseline();
    session.forget("x");
    await expect(first).rejects.toThrow("failed");
    expect((await session.baseline()).connections.map(({ id }) => id)).toEqual(["x", "y"]);
    expect(asked).toEqual(["proof", "proof"]);
  });
});

describe("the organizations", () => {
  test("whose refusal is certain are asked for once", async () => {
    const { session, asked, fail } = counting();
    fail("forbidden");
    await expect(session.organizations()).rejects.toThrow("failed");
    await expect(session.organizations()).rejects.toThrow("failed");
    expect(asked).toEqual(["organizations"]);
  });

  test("that failed by chance are asked for again", async () => {
    const { session, asked, fail } = counting();
    fail("server-error");
    await expect(session.organizations()).rejects.toThrow("failed");
    expect((await session.organizations()).callerId).toBe("us");
    expect(asked).toEqual(["organizations", "organizations"]);
  });

  test("prove the caller for good", async () => {
    const { session, asked } = counting();
    await session.organizations();
    expect(await session.callers()).toEqual(["us"]);
    expect(asked).toEqual(["organizations"]);
  });
});
