import { describe, expect, test } from "vitest";
import type { Fault, FaultAction } from "../../sandbox/src/index.js";
import { CONNECTIONS, create, list, deleteConnection, send, update, useSandbox } from "./harness.js";

const sandbox = useSandbox();
const getSinkId = () => sandbox().getOrganization("observability").id;
const on = { route: "createConnection" } as const;
const armFault = (what: FaultAction, moment: Fault["moment"] = "before") =>
  sandbox().fail({ on, moment, what });
const countLive = () => sandbox().listConnections().length;

/** Sends a create and returns the raw response, which may not be JSON. */
function createRaw(signal?: AbortSignal) {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  return fetch(`${sandbox().url}${CONNECTIONS}`, {
    method: "POST",
    headers: { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey },
    redirect: "manual",
    body: JSON.stringify({
      data: {
        type: "org_connection",
        relationships: { sink_org: { data: { type: "orgs", id: getSinkId() } } },
      },
    }),
    ...(signal && { signal }),
  });
}

describe.each([
  { moment: "before", written: 0 },
  { moment: "after", written: 1 },
] as const)("$moment the write", ({ moment, written }) => {
  test("status", async () => {
    armFault({ kind: "status", status: 503, headers: { "Retry-After": "7" } }, moment);
    const { status, body, headers } = await create(sandbox(), getSinkId());
    expect([status, body, headers.get("Retry-After")]).toEqual([
      503,
      { errors: ["Service Unavailable"] },
      "7",
    ]);
    expect(headers.get("Date")).not.toBeNull();
    expect(countLive()).toBe(written);
  });

  test("status with a body", async () => {
    armFault({ kind: "status", status: 400, body: "plain text" }, moment);
    expect(await (await createRaw()).text()).toBe("plain text");
    expect(countLive()).toBe(written);
  });

  test("reset", async () => {
    armFault({ kind: "reset" }, moment);
    await expect(createRaw()).rejects.toThrow("fetch failed");
    expect(countLive()).toBe(written);
    expect(sandbox().requests[0]).not.toHaveProperty("status");
  });

  test("hang", async () => {
    armFault({ kind: "hang" }, moment);
    const client = new AbortController();
    const response = createRaw(client.signal);
    const first = await Promise.race([response, waitForArrival()]);
    expect(first).toBe("arrived");
    client.abort();
    await expect(response).rejects.toThrow("aborted");
    expect(countLive()).toBe(written);
  });

  test("truncate", async () => {
    armFault({ kind: "truncate" }, moment);
    const response = await createRaw();
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("Content-Length"))).toBeGreaterThan(100);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(countLive()).toBe(written);
  });

  test("html", async () => {
    armFault({ kind: "html" }, moment);
    const response = await createRaw();
    expect([response.status, response.headers.get("Content-Type")]).toEqual([502, "text/html"]);
    expect(await response.text()).toContain("<h1>502 Bad Gateway</h1>");
    expect(countLive()).toBe(written);
  });

  test("redirect", async () => {
    armFault({ kind: "redirect", location: "https://example.com/", status: 307 }, moment);
    const response = await createRaw();
    expect([response.status, response.headers.get("Location")]).toEqual([307, "https://example.com/"]);
    expect(countLive()).toBe(written);
  });

  test("json", async () => {
    armFault({ kind: "json", body: { data: "another shape" } }, moment);
    const { status, body } = await create(sandbox(), getSinkId());
    expect([status, body]).toEqual([200, { data: "another shape" }]);
    expect(countLive()).toBe(written);
  });

  test("huge", async () => {
    armFault({ kind: "huge", bytes: 300_000 }, moment);
    const response = await createRaw();
    const text = await response.text();
    expect([response.status, text.length, Object.keys(JSON.parse(text) as object)]).toEqual([
      200,
      300_000,
      ["data", "padding"],
    ]);
    expect(countLive()).toBe(written);
  });

  test("drip", async () => {
    armFault({ kind: "drip", bytesPerSecond: 20_000 }, moment);
    const { status, body } = await create(sandbox(), getSinkId());
    expect([status, body.data.type]).toEqual([200, "org_connection"]);
    expect(countLive()).toBe(written);
  });
});

/** Waits until the next request is in the log, and the server has had time to process it. */
async function waitForArrival(): Promise<"arrived"> {
  while (sandbox().requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await list(sandbox());
  return "arrived";
}

test.each([
  { moment: "before", meanwhile: 0 },
  { moment: "after", meanwhile: 1 },
] as const)("delay $moment the write ends with a normal response", async ({ moment, meanwhile }) => {
  armFault({ kind: "delay", ms: 300 }, moment);
  const response = create(sandbox(), getSinkId());
  await waitForArrival();
  expect(countLive()).toBe(meanwhile);
  expect((await response).status).toBe(200);
  expect(countLive()).toBe(1);
});

test("a delayed create is processed although its client has disconnected", async () => {
  armFault({ kind: "delay", ms: 100 });
  const client = new AbortController();
  const response = createRaw(client.signal);
  await waitForArrival();
  client.abort();
  await expect(response).rejects.toThrow("aborted");
  await expect.poll(countLive).toBe(1);
});

test("short-page lacks rows that its totals include", async () => {
  const ids = ["observability", "security", "search"].map((sink) =>
    sandbox().connect({ source: "payments", sink }),
  );
  sandbox().fail({ moment: "after", what: { kind: "short-page", drop: 2 } });
  const { body } = await list(sandbox());
  expect(body.data.map(({ id }) => id)).toEqual(ids.slice(0, 1));
  expect(body.meta.page).toEqual({ total_count: 3, total_filtered_count: 3 });
  expect((await list(sandbox())).body.data).toHaveLength(3);
});

test("a huge response stops when the client disconnects", async () => {
  armFault({ kind: "huge", bytes: 2 ** 40 });
  const client = new AbortController();
  const response = await createRaw(client.signal);
  await response.body?.getReader().read();
  client.abort();
  await expect.poll(() => sandbox().requests[0]?.endedAt).toBeGreaterThan(0);
});

describe("a waiting request continues when its fault is released", () => {
  const hour = 3_600_000;

  test("after a delay, it is processed", async () => {
    const fault = sandbox().fail({ moment: "before", what: { kind: "delay", ms: hour } });
    const response = list(sandbox());
    await expect.poll(() => fault.fired).toBe(1);
    fault.release();
    expect((await response).status).toBe(200);
  });

  test("after a hang, its socket is closed", async () => {
    const fault = sandbox().fail({ moment: "before", what: { kind: "hang" } });
    const response = list(sandbox());
    await expect.poll(() => fault.fired).toBe(1);
    fault.release();
    await expect(response).rejects.toThrow();
  });
});

describe("selection of requests", () => {
  const failure = { kind: "status", status: 500 } as const;

  test("skip lets the first requests pass, and times limits the failures", async () => {
    const fault = sandbox().fail({ skip: 1, times: 2, moment: "before", what: failure });
    const statuses = [];
    for (let call = 0; call < 5; call++) statuses.push((await list(sandbox())).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect(fault.fired).toBe(2);
  });

  test("without a limit, until the fault is disarmed", async () => {
    const fault = sandbox().fail({ times: Infinity, moment: "before", what: failure });
    for (let call = 0; call < 3; call++) expect((await list(sandbox())).status).toBe(500);
    fault.disarm();
    expect((await list(sandbox())).status).toBe(200);
  });

  test("only requests of its route, organization, destination and connection", async () => {
    const id = sandbox().connect({ source: "payments", sink: "security" });
    const other = sandbox().connect({ source: "checkout", sink: "payments" });
    const { id: security } = sandbox().getOrganization("security");
    for (const target of [
      { route: "deleteConnection" },
      { organization: "checkout" },
      { sinkOrgId: security.toUpperCase() },
      { connectionId: id.toUpperCase() },
    ] as const) {
      sandbox().clearFaults();
      sandbox().fail({ on: target, times: Infinity, moment: "before", what: failure });
      const statuses = [
        await list(sandbox()),
        await list(sandbox(), "", "checkout"),
        await list(sandbox(), `?sink_org_id=${security}`),
        await update(sandbox(), id, ["logs"]),
        await update(sandbox(), other, ["logs"], "checkout"),
        await create(sandbox(), security),
        await deleteConnection(sandbox(), sandbox().getOrganization("payments").id),
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

  test("one after the other if several faults are armed", async () => {
    sandbox().fail({ moment: "before", what: { kind: "status", status: 500 } });
    sandbox().fail({ moment: "before", what: { kind: "status", status: 503 } });
    const statuses = [await list(sandbox()), await list(sandbox()), await list(sandbox())];
    expect(statuses.map(({ status }) => status)).toEqual([500, 503, 200]);
  });

  test("never a request that is not imitated", async () => {
    sandbox().fail({ moment: "before", what: failure });
    expect((await send(sandbox(), "payments", "GET", "/elsewhere")).status).toBe(501);
    expect((await list(sandbox())).status).toBe(500);
  });
});

test.each([
  [{ moment: "never", what: { kind: "reset" } }, 'moment must be "before" or "after"'],
  [{ moment: "after", what: { kind: "explode" } }, "kind must be one of status, reset"],
  [{ moment: "after", what: { kind: "status" } }, "status must be a status"],
  [{ moment: "after", what: { kind: "reset" }, skp: 1 }, 'has an unknown field "skp"'],
  [{ moment: "after", what: { kind: "reset" }, on: { route: "nothing" } }, "route must be one of"],
  [
    { moment: "after", what: { kind: "reset" }, on: { organization: "unknown" } },
    'no organization "unknown"',
  ],
  [{ moment: "after", what: { kind: "drip", bytesPerSecond: 0 } }, "bytesPerSecond must be a number above 0"],
  [{ moment: "after", what: { kind: "reset" }, on: [] }, "fault.on must be an object"],
  [
    { moment: "after", what: { kind: "reset" }, times: -1 },
    "fault.times must be a whole number, or Infinity",
  ],
  [{ moment: "after", what: { kind: "status", status: 500, headers: ["x"] } }, "headers must be an object"],
  [{ momnt: "after", what: { kind: "reset" } }, 'fault has an unknown field "momnt"'],
  [undefined, "fault must be an object"],
])("%j is refused, because it would never apply", (fault, message) => {
  expect(() => sandbox().fail(fault as Fault)).toThrow(message);
});
