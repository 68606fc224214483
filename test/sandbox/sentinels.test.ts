import { expect, test } from "vitest";
import { createSeed, sentinels } from "../../sandbox/src/index.js";
import { create, useSandbox } from "./harness.js";

const sandbox = useSandbox({ seed: createSeed({ sentinels: true }) });

test.each([
  ["forbidden", 403],
  ["conflict", 409],
  ["server-error", 500],
] as const)("%s: each create returns %d", async (name, status) => {
  const responses = [await create(sandbox(), sentinels[name]), await create(sandbox(), sentinels[name])];
  expect(responses.map((response) => response.status)).toEqual([status, status]);
  expect(sandbox().listConnections()).toEqual([]);
});

test("rate-limited: 429 once for each source, then success", async () => {
  const first = await create(sandbox(), sentinels["rate-limited"]);
  expect([first.status, first.headers.get("X-RateLimit-Reset")]).toEqual([429, "1"]);
  expect((await create(sandbox(), sentinels["rate-limited"])).status).toBe(200);
  expect((await create(sandbox(), sentinels["rate-limited"], ["logs"], "checkout")).status).toBe(429);
  sandbox().reset();
  expect((await create(sandbox(), sentinels["rate-limited"])).status).toBe(429);
});

test("reset: the socket is reset", async () => {
  await expect(create(sandbox(), sentinels.reset)).rejects.toThrow("fetch failed");
});

test("hang: there is no response until the sandbox closes", async () => {
  const response = create(sandbox(), sentinels.hang);
  const failed = expect(response).rejects.toThrow();
  await expect.poll(() => sandbox().requests.length).toBe(1);
  await sandbox().close();
  await failed;
});
