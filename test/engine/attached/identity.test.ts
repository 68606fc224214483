/** A workload identity with the real engine: access tokens, their renewal, and no key beside them. */
import { beforeEach, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { expectSettled } from "../expect-settled.js";
import { countExchanges, createIdentityStack, expectNoOtherCredentials } from "../identity-stack.js";
import { useEngine, type Stack } from "../stack.js";

const engine = useEngine();

let stack: Stack;
beforeEach(() => {
  stack = createIdentityStack(engine, () => {
    new OrgConnection("hub", { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] });
  });
});

it("needs one exchange for each operation, and none without changes", async () => {
  await stack.expectUp();
  expect(countExchanges(engine.sandbox)).toBe(1);
  await expectSettled(engine, stack);
  expect(countExchanges(engine.sandbox)).toBe(1);
  expect((await stack.destroy()).code).toBe(0);
  expect(countExchanges(engine.sandbox)).toBe(2);
  expect(engine.listLive()).toEqual([]);
  expectNoOtherCredentials(engine.sandbox);
});

it("whose token is refused once gets another one, and the create is sent again", async () => {
  engine.sandbox.fail({
    on: { route: "createConnection" },
    moment: "before",
    what: { kind: "status", status: 401 },
  });
  const { requests } = await stack.expectUp();
  expect(requests.filter((request) => request === "POST /api/v2/org_connections")).toHaveLength(2);
  expect(countExchanges(engine.sandbox)).toBe(2);
  expectNoOtherCredentials(engine.sandbox);
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
});

it("whose exchange is rate-limited, hangs and fails at first succeeds later", async () => {
  await stack.setConfig("datadog-org-connections:requestTimeoutSeconds", "2");
  const on = { route: "exchangeToken" } as const;
  const headers = { "X-RateLimit-Reset": "1" };
  engine.sandbox.fail({ on, moment: "before", what: { kind: "status", status: 429, headers } });
  engine.sandbox.fail({ on, moment: "before", what: { kind: "hang" } });
  engine.sandbox.fail({ on, moment: "after", what: { kind: "html", status: 502 } });
  await stack.expectUp();
  expect(countExchanges(engine.sandbox)).toBe(4);
  expectNoOtherCredentials(engine.sandbox);
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
});
