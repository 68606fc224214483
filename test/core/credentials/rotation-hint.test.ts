import { describe, expect, test } from "vitest";
import { create, read, deleteConnection, update } from "../../../core/src/index.js";
import {
  createDeclared,
  createEntry,
  catchError,
  createOperation,
  useSandbox,
} from "../connection/operation.js";

const sandbox = useSandbox();
const createConnection = () => createDeclared(sandbox(), "payments", "observability");

/**
 * Creates the variables with the highest precedence: keys, and their address, because that of the
 * configuration is not for them.
 */
function createVariables(apiKey: string, appKey: string): Record<string, string> {
  return {
    DD_API_KEY__PAYMENTS: apiKey,
    DD_APP_KEY__PAYMENTS: appKey,
    DD_HOST__PAYMENTS: sandbox().url,
  };
}

/** Creates a context with keys from before a rotation, in the stack's configuration or in the environment. */
function createContextWithOldKeys(where: "stack" | "environment") {
  const { apiKey = "", appKey = "" } = createEntry(sandbox(), "payments");
  sandbox().rotateKeys("payments");
  return where === "stack"
    ? createOperation(sandbox(), { organizations: { payments: { apiKey, appKey, url: sandbox().url } } })
    : createOperation(sandbox(), { env: createVariables(apiKey, appKey) });
}

describe("rejected keys from the stack's configuration", () => {
  test.each([
    ["read", read],
    ["delete", deleteConnection],
  ] as const)(
    "in %s: the message reports that they may be the credentials of the last `up`, and what to do",
    async (_, call) => {
      const { connectionId, state } = await createConnection();
      const error = await catchError(call(createContextWithOldKeys("stack"), connectionId, state));
      expect(error).toMatchObject({ code: "forbidden", facts: { status: 403 } });
      expect(error.message).toContain("still use those of the last `up`");
      expect(error.message).toContain(
        "DD_API_KEY__PAYMENTS and DD_APP_KEY__PAYMENTS (with DD_HOST__PAYMENTS for their address)",
      );
      expect(error.message).toContain("--run-program");
    },
  );

  test("in read for a 401 too", async () => {
    const { connectionId, state } = await createConnection();
    sandbox().fail({ moment: "before", what: { kind: "status", status: 401 } });
    const error = await catchError(read(createOperation(sandbox()), connectionId, state));
    expect(error.code).toBe("unauthenticated");
    expect(error.message).toContain("still use those of the last `up`");
  });

  test("in create and update: no such hint, because they use the current configuration", async () => {
    const { connectionId, state } = await createConnection();
    const context = createContextWithOldKeys("stack");
    const news = { source: "payments", sinkOrgId: state.sinkOrgId, connectionTypes: ["audit"] };
    const attempts = [() => create(context, news), () => update(context, connectionId, state, news)];
    for (const attempt of attempts) {
      const error = await catchError(attempt());
      expect(error.code).toBe("forbidden");
      expect(error.message).not.toContain("last `up`");
    }
  });
});

test("rejected keys from the environment: no such hint", async () => {
  const { connectionId, state } = await createConnection();
  const context = createContextWithOldKeys("environment");
  for (const call of [read, deleteConnection]) {
    const error = await catchError(call(context, connectionId, state));
    expect(error.code).toBe("forbidden");
    expect(error.message).not.toContain("last `up`");
  }
});

test("other failures of read: no such hint", async () => {
  const { connectionId, state } = await createConnection();
  sandbox().fail({ moment: "before", what: { kind: "html", status: 200 } });
  const error = await catchError(read(createOperation(sandbox()), connectionId, state));
  expect(error.message).not.toContain("last `up`");
});

test("environment variables of the name work at once", async () => {
  const { connectionId, state } = await createConnection();
  const stale = createEntry(sandbox(), "payments");
  const { apiKey, appKey } = sandbox().rotateKeys("payments");
  const context = createOperation(sandbox(), {
    organizations: { payments: stale },
    env: createVariables(apiKey, appKey),
  });
  await deleteConnection(context, connectionId, state);
  expect(sandbox().listConnections()).toEqual([]);
});
