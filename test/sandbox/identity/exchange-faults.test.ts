import { beforeEach, describe, expect, test } from "vitest";
import type { Fault, FaultAction } from "../../../sandbox/src/index.js";
import { useSandbox } from "../harness.js";
import { exchange, formatAudience, getAccessToken, sendWithToken } from "./exchange.js";

const sandbox = useSandbox();
let proof = "";
beforeEach(async () => {
  sandbox().mapIdentity({ organization: "payments", identity: { type: "jwt", claims: {} } });
  proof = await sandbox().issuer.issueToken({ audience: formatAudience(sandbox()) });
});
const armFault = (what: FaultAction, moment: Fault["moment"] = "before") =>
  sandbox().fail({ on: { route: "exchangeToken", organization: "payments" }, moment, what });
const send = (signal?: AbortSignal) => exchange(sandbox(), proof, {}, signal);

describe("faults of the exchange", () => {
  test.each([429, 500, 503])("status %d", async (status) => {
    armFault({ kind: "status", status, headers: { "Retry-After": "1" } });
    expect((await send()).status).toBe(status);
    expect((await send()).status).toBe(200);
  });

  test.each<FaultAction>([{ kind: "reset" }, { kind: "truncate" }, { kind: "cut-off" }])(
    "$kind",
    async (what) => {
      armFault(what);
      await expect(send()).rejects.toThrow();
      expect((await send()).status).toBe(200);
    },
  );

  test("a delay, which a release ends", async () => {
    const fault = armFault({ kind: "delay", ms: 60_000 });
    const response = send();
    await expect.poll(() => fault.fired).toBe(1);
    fault.release();
    expect((await response).status).toBe(200);
  });

  test("a hang, until the client gives up", async () => {
    const fault = armFault({ kind: "hang" });
    const client = new AbortController();
    const response = send(client.signal);
    await expect.poll(() => fault.fired).toBe(1);
    client.abort();
    await expect(response).rejects.toThrow();
  });

  test("a response that does not have the form of an access token", async () => {
    armFault({ kind: "json", body: { data: {} } });
    expect((await send()).body).toEqual({ data: {} });
  });
});

test("a fault of another call does not apply to the exchange, nor one of the exchange to another call", async () => {
  sandbox().fail({ on: { route: "listConnections" }, moment: "before", what: { kind: "reset" } });
  const token = await getAccessToken(sandbox(), proof);
  await expect(sendWithToken(sandbox(), token)).rejects.toThrow();
  armFault({ kind: "status", status: 503 });
  expect(await sendWithToken(sandbox(), token)).toBe(200);
});

test("after the exchange, the token of a failed response is valid; before it, it is not", async () => {
  const readFailedToken = async (moment: Fault["moment"]) => {
    armFault({ kind: "wrong-status", status: 502 }, moment);
    return (await send()).body.data.attributes.access_token;
  };
  expect(await sendWithToken(sandbox(), await readFailedToken("after"))).toBe(200);
  expect(await sendWithToken(sandbox(), await readFailedToken("before"))).toBe(401);
});
