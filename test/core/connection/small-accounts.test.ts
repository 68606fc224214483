/** What a list of few organizations proves about a destination. */
import { expect, test } from "vitest";
import { check } from "../../../core/src/index.js";
import { builtInSeed } from "../../../sandbox/src/index.js";
import { createOperation, UNKNOWN_ID, useSandbox } from "./operation.js";

const organizations = builtInSeed.accounts[0]?.organizations ?? [];
const createSmallSeed = (...keys: string[]) => ({
  ...builtInSeed,
  connections: [],
  accounts: [{ name: "Acme", organizations: organizations.filter(({ key }) => keys.includes(key)) }],
});
const pair = useSandbox({ seed: createSmallSeed("observability", "payments") });
const alone = useSandbox({ seed: createSmallSeed("payments") });
const news = { source: "payments", sinkOrgId: UNKNOWN_ID, connectionTypes: ["logs"] };

test("in an account of two organizations, a UUID that is neither is refused", async () => {
  const { failures } = await check(createOperation(pair()), {}, news);
  expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  expect(failures[0]?.reason).toContain("does not belong to any of the 2 organizations in the account");
});

test("a list with only the caller proves nothing about other organizations", async () => {
  expect((await check(createOperation(alone()), {}, news)).failures).toEqual([]);
});
