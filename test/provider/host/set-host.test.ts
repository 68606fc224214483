import { describe, expect, test } from "vitest";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { SET_INPUT_PROVIDER_LINE, SET_OUTPUT_PROVIDER_LINE } from "../../../core/src/host/provider-lines.js";
import { createOperation, useSandbox } from "../../core/connection/operation.js";
import { createQuickOperation } from "../../core/connection/quick-operation.js";
import { createSetInputs } from "../../core/connection-set/operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createHost = (context = createOperation(sandbox())) =>
  createSetHost({ ...context, configure: () => Promise.resolve() });
/** Creates inputs as the engine passes them: with the provider line. */
const createInputs = (connections: Record<string, string[]>, more = {}) => ({
  ...createSetInputs(sandbox(), connections, more),
  __provider: SET_INPUT_PROVIDER_LINE,
});
const LOGS = { observability: ["logs"] };
const refusal = { kind: "status", status: 400, body: { errors: ["no"] } } as const;

interface PartialFailureError extends Error {
  id: string;
  properties: { members: object; __provider: string };
  reasons: string[];
}

const catchPartialFailure = (work: Promise<unknown>): Promise<PartialFailureError> =>
  work.then(
    () => Promise.reject(new Error("expected a failure")),
    (error: unknown) => error as PartialFailureError,
  );

describe("the engine's calls", () => {
  test("check returns inputs without the provider line, and failures", async () => {
    const response = await createHost().check({}, createInputs(LOGS));
    expect(response).toEqual({ inputs: createSetInputs(sandbox(), LOGS), failures: [] });
    const refused = await createHost().check({}, createInputs({ payments: ["logs"] }));
    expect(refused.failures).toHaveLength(1);
  });

  test("failures of check escape invisible characters", async () => {
    const name = "x\u001b[2J\u202e";
    const { failures } = await createHost().check(
      {},
      createInputs({}, { connections: { [name]: ["logs"] }, [name]: "x" }),
    );
    expect(failures).toHaveLength(2);
    // eslint-disable-next-line no-control-regex -- characters that must not appear
    expect(JSON.stringify(failures)).not.toMatch(/[\u0000-\u001f\u202e]|\\u00/);
    expect(failures?.map(({ property }) => property)).toContain("x\\u{1b}[2J\\u{202e}");
  });

  test("create returns the source's id, and outputs with the line of outputs", async () => {
    expect(await createHost().create(createInputs(LOGS))).toMatchObject({
      id: getOrgId("payments"),
      outs: { sourceOrgId: getOrgId("payments"), __provider: SET_OUTPUT_PROVIDER_LINE },
    });
  });

  test("diff returns none, update, or replace with its reason", async () => {
    const { outs } = (await createHost().create(createInputs(LOGS))) as { outs: object };
    expect(await createHost().diff("", outs, createInputs(LOGS))).toEqual({ changes: false });
    expect(await createHost().diff("", outs, createInputs({}))).toEqual({ changes: true });
    const otherOrganization = createInputs(LOGS, { source: "checkout" });
    expect(await createHost().diff("", outs, otherOrganization)).toEqual({
      changes: true,
      replaces: ["source"],
    });
  });

  test("read keeps the id and returns both lines", async () => {
    const { id, outs } = (await createHost().create(createInputs(LOGS))) as { id: string; outs: object };
    const result = await createHost().read(id, outs);
    expect(result).toMatchObject({
      id,
      props: { ...outs, __provider: SET_OUTPUT_PROVIDER_LINE },
      inputs: { ...createSetInputs(sandbox(), LOGS), __provider: SET_INPUT_PROVIDER_LINE },
    });
  });

  test("delete deletes the members", async () => {
    const { id, outs } = (await createHost().create(createInputs(LOGS))) as { id: string; outs: object };
    await createHost().delete(id, outs);
    expect(sandbox().listConnections()).toEqual([]);
  });
});

describe("a partial failure", () => {
  test("has the format with which the engine keeps the completed changes", async () => {
    sandbox().fail({ on: { sinkOrgId: getOrgId("security") }, moment: "before", what: refusal });
    const error = await catchPartialFailure(
      createHost().create(createInputs({ ...LOGS, security: ["logs"] })),
    );
    expect(error.id).toBe(getOrgId("payments"));
    expect(Object.keys(error.properties.members)).toEqual([getOrgId("observability")]);
    expect(error.properties.__provider).toBe(SET_OUTPUT_PROVIDER_LINE);
    expect(error.reasons).toEqual([
      expect.stringMatching(/^For destination [0-9a-f-]{36}: Datadog rejected the request.*\[[a-z-]+\]$/s),
    ]);
  });

  test("of an update has the same format", async () => {
    const { outs } = (await createHost().create(createInputs(LOGS))) as { outs: object };
    sandbox().fail({ on: { route: "updateConnection" }, moment: "before", what: refusal });
    const error = await catchPartialFailure(
      createHost().update("", outs, createInputs({ observability: ["audit"] })),
    );
    expect(error.id).toBe(getOrgId("payments"));
    expect(error.properties).toMatchObject({ connections: { [getOrgId("observability")]: ["logs"] } });
  });

  test("reports a bug as an internal error, without internals", async () => {
    const meanwhile = (call: string) => {
      if (call === "create") throw new TypeError("a bug");
    };
    const error = await catchPartialFailure(
      createHost(createQuickOperation(sandbox(), { meanwhile })).create(createInputs(LOGS)),
    );
    expect(error.reasons).toEqual([
      expect.stringContaining("internal error of pulumi-datadog-org-connections"),
    ]);
  });

  test("is not returned if the change fails before any write", async () => {
    sandbox().fail({ moment: "before", what: refusal, times: Infinity });
    const error = await catchPartialFailure(createHost().create(createInputs(LOGS)));
    expect(error).not.toHaveProperty("id");
    expect(error.stack).toBe("see the error of the resource");
  });

  test("is not returned by any other call", async () => {
    const { id, outs } = (await createHost().create(createInputs(LOGS))) as { id: string; outs: object };
    sandbox().fail({ moment: "before", what: refusal, times: Infinity });
    for (const call of [createHost().read(id, outs), createHost().delete(id, outs)]) {
      const error = await catchPartialFailure(call);
      expect(error).not.toHaveProperty("id");
      expect(error.stack).toBe("see the error of the resource");
    }
  });
});
