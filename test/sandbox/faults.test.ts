import { describe, expect, test } from "vitest";
import type { Fault, FaultAction } from "../../sandbox/src/index.js";
import { CONNECTIONS, create, list, remove, send, update, useSandbox } from "./harness.js";

const sandbox = useSandbox();
const sinkId = () => sandbox().organization("observability").id;
const on = { route: "createConnection" } as const;
const arm = (what: FaultAction, moment: Fault["moment"] = "before") => sandbox().fail({ on, moment, what });
const live = () => sandbox().connections().length;

/** A create as raw response, for answers that are no JSON. */
function createRaw(signal?: AbortSignal) {
  const { apiKey, appKey } = sandbox().organization("payments");
  return fetch(`${sandbox().url}${CONNECTIONS}`, {
    method: "POST",
    headers: { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey },
    redirect: "manual",
    body: JSON.stringify({
      data: { type: "org_connection", relationships: { sink_org: { data: { type: "orgs", id: sinkId() } } } },
    }),
    ...(signal && { signal }),
  });
}

describe.each([
  { moment: "before", written: 0 },
  { moment: "after", written: 1 },
] as const)("$moment the write", ({ moment, written }) => {
  test("status", async () => {
    arm({ kind: "status", status: 503, headers: { "Retry-After": "7" } }, moment);
    const { status, body, headers } = await create(sandbox(), sinkId());
    expect([status, body, headers.get("Retry-After")]).toEqual([
      503,
      { errors: ["Service Unavailable"] },
      "7",
    ]);
    expect(headers.get("Date")).not.toBeNull();
    expect(live()).toBe(written);
  });

  test("status with a body", async () => {
    arm({ kind: "status", status: 400, body: "plain words" }, moment);
    expect(await (await createRaw()).text()).toBe("plain words");
    expect(live()).toBe(written);
  });

  test("reset", async () => {
    arm({ kind: "reset" }, moment);
    await expect(createRaw()).rejects.toThrow("fetch failed");
    expect(live()).toBe(written);
    expect(sandbox().requests[0]).not.toHaveProperty("status");
  });

  test("hang", async () => {
    arm({ kind: "hang" }, moment);
    const client = new AbortController();
    const answer = createRaw(client.signal);
    const first = await Promise.race([answer, arrived()]);
    expect(first).toBe("arrived");
    client.abort();
    await expect(answer).rejects.toThrow("aborted");
    expect(live()).toBe(written);
  });

  test("truncate", async () => {
    arm({ kind: "truncate" }, moment);
    const response = await createRaw();
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("Content-Length"))).toBeGreaterThan(100);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(live()).toBe(written);
  });

  test("html", async () => {
    arm({ kind: "html" }, moment);
    const response = await createRaw();
    expect([response.status, response.headers.get("Content-Type")]).toEqual([502, "text/html"]);
    expect(await response.text()).toContain("<h1>502 Bad Gateway</h1>");
    expect(live()).toBe(written);
  });

  test("redirect", async () => {
    arm({ kind: "redirect", location: "https://example.com/", status: 307 }, moment);
    const response = await createRaw();
    expect([response.status, response.headers.get("Location")]).toEqual([307, "https://example.com/"]);
    expect(live()).toBe(written);
  });

  test("json", async () => {
    arm({ kind: "json", body: { data: "another shape" } }, moment);
    const { status, body } = await create(sandbox(), sinkId());
    expect([status, body]).toEqual([200, { data: "another shape" }]);
    expect(live()).toBe(written);
  });

  test("huge", async () => {
    arm({ kind: "huge", bytes: 300_000 }, moment);
    const response = await createRaw();
    const text = await response.text();
    expect([response.status, text.length, Object.keys(JSON.parse(text) as object)]).toEqual([
      200,
      300_000,
      ["data", "padding"],
    ]);
    expect(live()).toBe(written);
  });

  test("drip", async () => {
    arm({ kind: "drip", bytesPerSecond: 20_000 }, moment);
    const { status, body } = await create(sandbox(), sinkId());
    expect([status, body.data.type]).toEqual([200, "org_connection"]);
    expect(live()).toBe(written);
  });
});

/** When the next request is in the log, and a turn of the server has passed. */
async function arrived(): Promise<"arrived"> {
  while (sandbox().requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await list(sandbox());
  return "arrived";
}

test.each([
  { moment: "before", meanwhile: 0 },
  { moment: "after", meanwhile: 1 },
] as const)("delay $moment the write ends in a normal answer", async ({ moment, meanwhile }) => {
  arm({ kind: "delay", ms: 300 }, moment);
  const answer = create(sandbox(), sinkId());
  await arrived();
  expect(live()).toBe(meanwhile);
  expect((await answer).status).toBe(200);
  expect(live()).toBe(1);
});

test("a delayed create lands although its client has gone", async () => {
  arm({ kind: "delay", ms: 100 });
  const client = new AbortController();
  const answer = createRaw(client.signal);
  await arrived();
  client.abort();
  await expect(answer).rejects.toThrow("aborted");
  await expect.poll(live).toBe(1);
});

test("short-page lacks rows that its totals count", async () => {
  const ids = ["observability", "security", "search"].map((sink) =>
    sandbox().connect({ source: "payments", sink }),
  );
  sandbox().fail({ moment: "after", what: { kind: "short-page", drop: 2 } });
  const { body } = await list(sandbox());
  expect(body.data.map(({ id }) => id)).toEqual(ids.slice(0, 1));
  expect(body.meta.page).toEqual({ total_count: 3, total_filtered_count: 3 });
  expect((await list(sandbox())).body.data).toHaveLength(3);
});

test("a huge answer stops when the client goes away", async () => {
  arm({ kind: "huge", bytes: 2 ** 40 });
  const client = new AbortController();
  const response = await createRaw(client.signal);
  await response.body?.getReader().read();
  client.abort();
  await expect.poll(() => sandbox().requests[0]?.endedAt).toBeGreaterThan(0);
});

describe("a request that is held goes on when its fault is released", () => {
  const hour = 3_600_000;

  test("after a delay it is done", async () => {
    const fault = sandbox().fail({ moment: "before", what: { kind: "delay", ms: hour } });
    const answer = list(sandbox());
    await expect.poll(() => fault.fired).toBe(1);
    fault.release();
    expect((await answer).status).toBe(200);
  });

  test("after a hang its socket is closed", async () => {
    const fault = sandbox().fail({ moment: "before", what: { kind: "hang" } });
    const answer = list(sandbox());
    await expect.poll(() => fault.fired).toBe(1);
    fault.release();
    await expect(answer).rejects.toThrow();
  });
});

describe("which requests", () => {
  const fails = { kind: "status", status: 500 } as const;

  test("skip lets the first ones through, times counts the failures", async () => {
    const fault = sandbox().fail({ skip: 1, times: 2, moment: "before", what: fails });
    const statuses = [];
    for (let call = 0; call < 5; call++) statuses.push((await list(sandbox())).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect(fault.fired).toBe(2);
  });

  test("without end, until it is disarmed", async () => {
    const fault = sandbox().fail({ times: Infinity, moment: "before", what: fails });
    for (let call = 0; call < 3; call++) expect((await list(sandbox())).status).toBe(500);
    fault.disarm();
    expect((await list(sandbox())).status).toBe(200);
  });

  test("only those of its route, organization, sink and connection", async () => {
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const other = sandbox().connect({ source: "checkout", sink: "payments" });
    const { id: security } = sandbox().organization("security");
    for (const target of [
      { route: "deleteConnection" },
      { organization: "checkout" },
      { sinkOrgId: security.toUpperCase() },
      { connectionId: id.toUpperCase() },
    ] as const) {
      sandbox().clearFaults();
      sandbox().fail({ on: target, times: Infinity, moment: "before", what: fails });
      const statuses = [
        await list(sandbox()),
        await list(sandbox(), "", "checkout"),
        await list(sandbox(), `?sink_org_id=${security}`),
        await update(sandbox(), id, ["logs"]),
        await update(sandbox(), other, ["logs"], "checkout"),
        await create(sandbox(), security),
        await remove(sandbox(), sandbox().organization("payments").id),
      ].map(({ status }) => status);
      expect([target, statuses.map((status) => status === 500)]).toEqual([
        target,
        {
          route: [false, false, false, false, false, false, true],
          organization: [false, true, false, false, true, false, false],
          sinkOrgId: [false, false, true, true, false, true, false],
          connectionId: [false, false, false, true, false, false, false],
        }[Object.keys(target)[0] as "route"],
      ]);
    }
  });

  test("one after the other when several are armed", async () => {
    sandbox().fail({ moment: "before", what: { kind: "status", status: 500 } });
    sandbox().fail({ moment: "before", what: { kind: "status", status: 503 } });
    const statuses = [await list(sandbox()), await list(sandbox()), await list(sandbox())];
    expect(statuses.map(({ status }) => status)).toEqual([500, 503, 200]);
  });

  test("never one that is not imitated", async () => {
    sandbox().fail({ moment: "before", what: fails });
    expect((await send(sandbox(), "payments", "GET", "/elsewhere")).status).toBe(501);
    expect((await list(sandbox())).status).toBe(500);
  });
});

test.each([
  [{ moment: "never", what: { kind: "reset" } }, 'moment must be "before" or "after"'],
  [{ moment: "after", what: { kind: "explode" } }, "kind must be one of status, reset"],
  [{ moment: "after", what: { kind: "status" } }, "status must be a status"],
  [{ moment: "after", what: { kind: "reset" }, skp: 1 }, 'has no field "skp"'],
  [{ moment: "after", what: { kind: "reset" }, on: { route: "nothing" } }, "route must be one of"],
  [{ moment: "after", what: { kind: "reset" }, on: { organization: "nobody" } }, 'no organization "nobody"'],
  [{ moment: "after", what: { kind: "drip", bytesPerSecond: 0 } }, "bytesPerSecond must be a number above 0"],
  [{ moment: "after", what: { kind: "reset" }, on: [] }, "fault.on must be an object"],
  [
    { moment: "after", what: { kind: "reset" }, times: -1 },
    "fault.times must be a whole number, or Infinity",
  ],
  [{ moment: "after", what: { kind: "status", status: 500, headers: ["x"] } }, "headers must be an object"],
  [{ momnt: "after", what: { kind: "reset" } }, 'fault has no field "momnt"'],
  [undefined, "fault must be an object"],
])("%j is refused, since it would never fire", (fault, message) => {
  expect(() => sandbox().fail(fault as Fault)).toThrow(message);
});
