import { describe, expect, test } from "vitest";
import { create, read, remove, update } from "../../../core/src/index.js";
import { declared, entryOf, failureOf, operation, useSandbox } from "../connection/operation.js";

const sandbox = useSandbox();
const made = () => declared(sandbox(), "payments", "observability");

/** The variables that win over everything else: keys, and their address, since that of the configuration is not for them. */
function variables(apiKey: string, appKey: string): Record<string, string> {
  return {
    DD_API_KEY__PAYMENTS: apiKey,
    DD_APP_KEY__PAYMENTS: appKey,
    DD_HOST__PAYMENTS: sandbox().url,
  };
}

/** Keys from before a rotation: in the stack's configuration, or in the environment of that name. */
function withOldKeys(where: "stack" | "environment") {
  const { apiKey = "", appKey = "" } = entryOf(sandbox(), "payments");
  sandbox().rotateKeys("payments");
  return where === "stack"
    ? operation(sandbox(), { organizations: { payments: { apiKey, appKey, url: sandbox().url } } })
    : operation(sandbox(), { env: variables(apiKey, appKey) });
}

describe("keys of the stack's configuration that are refused", () => {
  test.each([
    ["read", read],
    ["delete", remove],
  ] as const)(
    "in %s: the message says that they may be those of the last up, and the ways on",
    async (_, call) => {
      const { connectionId, recorded } = await made();
      const error = await failureOf(call(withOldKeys("stack"), connectionId, recorded));
      expect(error).toMatchObject({ code: "forbidden", facts: { status: 403 } });
      expect(error.message).toContain("those of the last `up`");
      expect(error.message).toContain(
        "DD_API_KEY__PAYMENTS and DD_APP_KEY__PAYMENTS, with DD_HOST__PAYMENTS for their address",
      );
      expect(error.message).toContain("--run-program");
    },
  );

  test("in read for a 401 too", async () => {
    const { connectionId, recorded } = await made();
    sandbox().fail({ moment: "before", what: { kind: "status", status: 401 } });
    const error = await failureOf(read(operation(sandbox()), connectionId, recorded));
    expect(error.code).toBe("unauthenticated");
    expect(error.message).toContain("those of the last `up`");
  });

  test("in create and update: no such hint, since they see today's configuration", async () => {
    const { connectionId, recorded } = await made();
    const world = withOldKeys("stack");
    const news = { source: "payments", sinkOrgId: recorded.sinkOrgId, connectionTypes: ["audit"] };
    const attempts = [() => create(world, news), () => update(world, connectionId, recorded, news)];
    for (const attempt of attempts) {
      const error = await failureOf(attempt());
      expect(error.code).toBe("forbidden");
      expect(error.message).not.toContain("last `up`");
    }
  });
});

test("keys of the environment that are refused get no such hint", async () => {
  const { connectionId, recorded } = await made();
  const world = withOldKeys("environment");
  for (const call of [read, remove]) {
    const error = await failureOf(call(world, connectionId, recorded));
    expect(error.code).toBe("forbidden");
    expect(error.message).not.toContain("last `up`");
  }
});

test("other failures of read get no such hint", async () => {
  const { connectionId, recorded } = await made();
  sandbox().fail({ moment: "before", what: { kind: "html", status: 200 } });
  const error = await failureOf(read(operation(sandbox()), connectionId, recorded));
  expect(error.message).not.toContain("last `up`");
});

test("environment variables of the name help at once", async () => {
  const { connectionId, recorded } = await made();
  const stale = entryOf(sandbox(), "payments");
  const { apiKey, appKey } = sandbox().rotateKeys("payments");
  const world = operation(sandbox(), {
    organizations: { payments: stale },
    env: variables(apiKey, appKey),
  });
  await remove(world, connectionId, recorded);
  expect(sandbox().connections()).toEqual([]);
});
