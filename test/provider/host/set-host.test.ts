import { describe, expect, test } from "vitest";
import { setHost } from "../../../provider/src/host/set-host.js";
import { SET_INPUT_LINE, SET_OUTPUT_LINE } from "../../../provider/src/host/provider-lines.js";
import { operation, useSandbox } from "../../core/connection/operation.js";
import { quick } from "../../core/connection/quick.js";
import { wantedSet } from "../../core/connection-set/operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;
const hosted = (world = operation(sandbox())) => setHost({ ...world, configure: () => Promise.resolve() });
/** Inputs as the engine hands them over: with the line. */
const inputs = (connections: Record<string, string[]>, more = {}) => ({
  ...wantedSet(sandbox(), connections, more),
  __provider: SET_INPUT_LINE,
});
const LOGS = { observability: ["logs"] };
const refusal = { kind: "status", status: 400, body: { errors: ["no"] } } as const;

interface Part extends Error {
  id: string;
  properties: { members: object; __provider: string };
  reasons: string[];
}

const partOf = (work: Promise<unknown>): Promise<Part> =>
  work.then(
    () => Promise.reject(new Error("expected a failure")),
    (error: unknown) => error as Part,
  );

describe("the engine's calls", () => {
  test("check answers inputs without the line, and failures", async () => {
    const answer = await hosted().check({}, inputs(LOGS));
    expect(answer).toEqual({ inputs: wantedSet(sandbox(), LOGS), failures: [] });
    const refused = await hosted().check({}, inputs({ payments: ["logs"] }));
    expect(refused.failures).toHaveLength(1);
  });

  test("failures of check show what nobody would see", async () => {
    const name = "x\u001b[2J\u202e";
    const { failures } = await hosted().check(
      {},
      inputs({}, { connections: { [name]: ["logs"] }, [name]: "x" }),
    );
    expect(failures).toHaveLength(2);
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(JSON.stringify(failures)).not.toMatch(/[\u0000-\u001f\u202e]|\\u00/);
    expect(failures?.map(({ property }) => property)).toContain("x\\u{1b}[2J\\u{202e}");
  });

  test("create gives the source's id, and outputs with the line of outputs", async () => {
    expect(await hosted().create(inputs(LOGS))).toMatchObject({
      id: idOf("payments"),
      outs: { sourceOrgId: idOf("payments"), __provider: SET_OUTPUT_LINE },
    });
  });

  test("diff says none, update, or replace with its reason", async () => {
    const { outs } = (await hosted().create(inputs(LOGS))) as { outs: object };
    expect(await hosted().diff("", outs, inputs(LOGS))).toEqual({ changes: false });
    expect(await hosted().diff("", outs, inputs({}))).toEqual({ changes: true });
    const elsewhere = inputs(LOGS, { source: "checkout" });
    expect(await hosted().diff("", outs, elsewhere)).toEqual({ changes: true, replaces: ["source"] });
  });

  test("read keeps the id and gives both lines", async () => {
    const { id, outs } = (await hosted().create(inputs(LOGS))) as { id: string; outs: object };
    const seen = await hosted().read(id, outs);
    expect(seen).toMatchObject({
      id,
      props: { ...outs, __provider: SET_OUTPUT_LINE },
      inputs: { ...wantedSet(sandbox(), LOGS), __provider: SET_INPUT_LINE },
    });
  });

  test("delete ends the members", async () => {
    const { id, outs } = (await hosted().create(inputs(LOGS))) as { id: string; outs: object };
    await hosted().delete(id, outs);
    expect(sandbox().connections()).toEqual([]);
  });
});

describe("done in part", () => {
  test("has the form in which the engine keeps what was done", async () => {
    sandbox().fail({ on: { sinkOrgId: idOf("security") }, moment: "before", what: refusal });
    const error = await partOf(hosted().create(inputs({ ...LOGS, security: ["logs"] })));
    expect(error.id).toBe(idOf("payments"));
    expect(Object.keys(error.properties.members)).toEqual([idOf("observability")]);
    expect(error.properties.__provider).toBe(SET_OUTPUT_LINE);
    expect(error.reasons).toEqual([
      expect.stringMatching(/^To [0-9a-f-]{36}: Datadog refused the request.*\[[a-z-]+\]$/s),
    ]);
  });

  test("of an update too", async () => {
    const { outs } = (await hosted().create(inputs(LOGS))) as { outs: object };
    sandbox().fail({ on: { route: "updateConnection" }, moment: "before", what: refusal });
    const error = await partOf(hosted().update("", outs, inputs({ observability: ["audit"] })));
    expect(error.id).toBe(idOf("payments"));
    expect(error.properties).toMatchObject({ connections: { [idOf("observability")]: ["logs"] } });
  });

  test("a bug among the reasons is told as one, without internals", async () => {
    const meanwhile = (call: string) => {
      if (call === "create") throw new TypeError("a bug");
    };
    const error = await partOf(hosted(quick(sandbox(), { meanwhile })).create(inputs(LOGS)));
    expect(error.reasons).toEqual([
      expect.stringContaining("internal error of pulumi-datadog-org-connections"),
    ]);
  });

  test("what fails before anything is done has no such form", async () => {
    sandbox().fail({ moment: "before", what: refusal, times: Infinity });
    const error = await partOf(hosted().create(inputs(LOGS)));
    expect(error).not.toHaveProperty("id");
    expect(error.stack).toBe("its reason stands with the resource");
  });

  test("an error of any other call has no such form either", async () => {
    const { id, outs } = (await hosted().create(inputs(LOGS))) as { id: string; outs: object };
    sandbox().fail({ moment: "before", what: refusal, times: Infinity });
    for (const call of [hosted().read(id, outs), hosted().delete(id, outs)]) {
      const error = await partOf(call);
      expect(error).not.toHaveProperty("id");
      expect(error.stack).toBe("its reason stands with the resource");
    }
  });
});
