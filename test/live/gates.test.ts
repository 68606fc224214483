import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXIT } from "./run-live.js";
import { enable, listNames, listWrites, useLive } from "./use-live.js";

const { run, startTarget, journal } = useLive();

describe("a run is refused, and sends no request that changes anything,", () => {
  test("without DD_LIVE_TEST=1, and then it sends no request at all", async () => {
    const { env, sandbox } = await startTarget();
    const { code, output } = await run([], env);
    expect(code).toBe(EXIT.refused);
    expect(output).toContain("DD_LIVE_TEST=1");
    expect(sandbox.requests).toEqual([]);
  });

  test("if the pair is connected already", async () => {
    const target = await startTarget();
    const id = target.sandbox.connect({ source: "live-source", sink: "live-sink" });
    const { code, output } = await run([], enable(target));
    expect(code).toBe(EXIT.refused);
    expect(output).toContain("connected already");
    expect(listWrites(target.sandbox)).toEqual([]);
    expect(target.sandbox.listConnections().map((row) => row.id)).toContain(id);
  });

  test.each([
    ["a UUID is missing", { DD_ORG_UUID__LIVE_SINK: undefined }, "DD_ORG_UUID__LIVE_SINK"],
    [
      "credentials are missing",
      { DD_API_KEY__LIVE_SINK: undefined, DD_APP_KEY__LIVE_SINK: undefined },
      "live-sink",
    ],
    [
      "both names have one UUID",
      { DD_ORG_UUID__LIVE_SINK: "dddddddd-0001-4000-8000-000000000001" },
      "same UUID",
    ],
    [
      "a UUID is not that of the credentials",
      { DD_ORG_UUID__LIVE_SINK: "dddddddd-0003-4000-8000-000000000003" },
      "UUID",
    ],
  ])("if %s", async (_, changes, expected) => {
    const target = await startTarget();
    const { code, output } = await run([], { ...enable(target), ...changes });
    expect(code).toBe(EXIT.refused);
    expect(output).toContain(expected);
    expect(listWrites(target.sandbox)).toEqual([]);
  });

  test("if the keys of one organization are given twice", async () => {
    const target = await startTarget();
    const env = enable(target);
    const [apiKey, appKey] = [env["DD_API_KEY__LIVE_SOURCE"], env["DD_APP_KEY__LIVE_SOURCE"]];
    const { code, output } = await run([], {
      ...env,
      DD_API_KEY__LIVE_SINK: apiKey,
      DD_APP_KEY__LIVE_SINK: appKey,
    });
    expect(code).toBe(EXIT.refused);
    expect(output).toContain("same credentials");
    expect(target.sandbox.requests).toEqual([]);
  });

  test("if both credentials lead to one organization", async () => {
    const target = await startTarget();
    const env = enable(target);
    const token = env["DD_BEARER_TOKEN__LIVE_TOKEN"];
    const unset = { DD_API_KEY__LIVE_SINK: undefined, DD_APP_KEY__LIVE_SINK: undefined };
    const { code, output } = await run([], { ...env, ...unset, DD_BEARER_TOKEN__LIVE_SINK: token });
    expect(code).toBe(EXIT.refused);
    expect(output).toContain("same organization");
    expect(listWrites(target.sandbox)).toEqual([]);
  });

  test.each(["--deviate=other", "--journeys=other", "--minutes=0", "--max-requests=x", "--other"])(
    "if an option is invalid: %s",
    async (option) => {
      const target = await startTarget();
      const { code, output } = await run([option], enable(target));
      expect(code).toBe(EXIT.refused);
      expect(output).toContain(option.split("=")[0]);
      expect(target.sandbox.requests).toEqual([]);
    },
  );
});

describe("a run leaves nothing", () => {
  test("if it passes, and needs no more than the credentials of the two organizations", async () => {
    const target = await startTarget();
    const before = target.sandbox.listConnections();
    const env = Object.fromEntries(
      Object.entries(enable(target)).filter(([name]) => !/__LIVE_(?!SOURCE|SINK)/.test(name)),
    );
    const live = await run([], env);
    expect(live.code).toBe(EXIT.passed);
    expect(listNames(live, "refuted")).toEqual([]);
    expect(listNames(live, "not seen")).toEqual(
      expect.arrayContaining([
        "token-accepted",
        "exchange-status",
        "permission-missing-status",
        "delete-by-other",
      ]),
    );
    expect(target.sandbox.listConnections()).toEqual(before);
    expect(existsSync(journal)).toBe(false);
  });

  test("if it reaches its maximum of requests, and says so", async () => {
    const target = await startTarget();
    const before = target.sandbox.listConnections();
    const live = await run(["--max-requests", "80"], enable(target));
    expect(live.code).toBe(EXIT.failed);
    expect(live.verdict?.stopReason).toContain("maximum of 80 requests");
    expect(target.sandbox.listConnections()).toEqual(before);
    expect(existsSync(journal)).toBe(false);
  });

  test("if it is interrupted while a connection is live", async () => {
    const target = await startTarget();
    const before = target.sandbox.listConnections();
    const interruption = new AbortController();
    const armed = target.sandbox.fail({
      on: { route: "updateConnection" },
      moment: "after",
      what: { kind: "delay", ms: 60_000 },
    });
    const running = run([], enable(target), interruption.signal);
    await expect.poll(() => armed.fired).toBe(1);
    expect(target.sandbox.listConnections().length).toBe(before.length + 1);
    interruption.abort();
    armed.release();
    const live = await running;
    expect(live.code).toBe(EXIT.failed);
    expect(live.verdict?.stopReason).toContain("interrupted");
    expect(target.sandbox.listConnections()).toEqual(before);
    expect(existsSync(journal)).toBe(false);
  });
});

test("a verdict has no credential, no id and no name of the run", async () => {
  const target = await startTarget("connection-created-at");
  const { output, code } = await run([], enable(target));
  expect(code).toBe(EXIT.failed);
  const secrets = Object.entries(enable(target)).filter(([name]) => /KEY|TOKEN|UUID/.test(name));
  const { organizations } = target.sandbox;
  const names = organizations.flatMap(({ id, name, user }) => [id, name, user.id, user.handle, user.name]);
  expect(secrets.length).toBeGreaterThan(5);
  for (const text of [...secrets.map(([, value]) => value), ...names]) expect(output).not.toContain(text);
});
