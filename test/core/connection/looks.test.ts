import { describe, expect, test } from "vitest";
import { check, diff, remove } from "../../../core/src/index.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { seedWith, type FaultAction } from "../../../sandbox/src/index.js";
import { useSelfSignedServer, hasOpenssl } from "../api/self-signed-server.js";
import { looking, status } from "./looking.js";
import { declared, entryOf, NOBODY, useSandbox, writes } from "./operation.js";
import { quick } from "./quick.js";

const sandbox = useSandbox({ seed: seedWith({ sources: 50 }) });
const selfSigned = useSelfSignedServer();
const { idOf, news, answer } = looking(sandbox);
type Organizations = NonNullable<NonNullable<Parameters<typeof quick>[1]>["organizations"]>;
const at = (url: string): Organizations => ({ payments: entryOf(sandbox(), "payments", { url }) });

interface Cause {
  what: string;
  /** The input at fault and the code of its failure; nothing where the look is silent. */
  fails?: [property: "source" | "sinkOrgId", code: string];
  /** What the message must name. */
  names?: () => string;
  wanted?: () => Record<string, unknown>;
  organizations?: () => Organizations;
  before?: () => unknown;
  skip?: boolean;
}

const causes: Cause[] = [
  {
    what: "bad keys",
    fails: ["source", "forbidden"],
    organizations: () => ({ payments: entryOf(sandbox(), "payments", { apiKey: "x" }) }),
    names: () => "taken from stack configuration",
  },
  {
    what: "keys of which one is not valid any more (401)",
    fails: ["source", "unauthenticated"],
    before: () => answer("listConnections", status(401)),
  },
  {
    what: "one key of two",
    fails: ["source", "keys-missing"],
    organizations: () => ({ payments: { apiKey: "only-one" } }),
    names: () => "appKey",
  },
  {
    what: "keys of another organization than the configured id",
    fails: ["source", "wrong-organization"],
    organizations: () => ({ payments: entryOf(sandbox(), "payments", { id: idOf("checkout") }) }),
    names: () => idOf("payments"),
  },
  {
    what: "no permission to read",
    fails: ["source", "forbidden"],
    before: () => sandbox().setPermissions("payments", []),
    names: () => "org_connections_read",
  },
  {
    what: "the feature switched off",
    fails: ["source", "forbidden"],
    wanted: () => news("observability", "nofeature"),
    names: () => "visibility is switched on",
  },
  {
    what: "a site that does not exist",
    fails: ["source", "name-not-resolved"],
    organizations: () => at("https://does-not-exist.invalid"),
    names: () => "does-not-exist.invalid",
  },
  {
    what: "a site with an untrusted certificate",
    fails: ["source", "tls-failed"],
    organizations: () => at(selfSigned.url()),
    names: () => "NODE_EXTRA_CA_CERTS",
    skip: !hasOpenssl,
  },
  {
    what: "an address without TLS",
    fails: ["source", "invalid-configuration"],
    organizations: () => at("http://api.datadoghq.com"),
    names: () => "https://",
  },
  {
    what: "a redirect",
    fails: ["source", "redirected"],
    before: () => answer("listConnections", { kind: "redirect", location: "https://login.example.com/" }),
    names: () => "login.example.com",
  },
  {
    what: "a login page",
    fails: ["source", "unexpected-answer"],
    before: () => answer("listConnections", { kind: "html", status: 200 }),
  },
  {
    what: "an answer without end",
    fails: ["source", "answer-too-large"],
    before: () => answer("listConnections", { kind: "huge", bytes: 17 * 1024 * 1024 }),
  },
  {
    what: "another service under this address (404)",
    fails: ["source", "not-found"],
    before: () => answer("listConnections", status(404)),
  },
  {
    what: "the source as its own sink",
    fails: ["sinkOrgId", "invalid-input"],
    wanted: () => news("payments"),
    names: () => "the same organization",
  },
  {
    what: "a sink of another account",
    fails: ["sinkOrgId", "not-found"],
    wanted: () => news("globex-observability"),
    names: () => "getOrganization({ name })",
  },
  {
    what: "a sink that nobody knows",
    fails: ["sinkOrgId", "not-found"],
    wanted: () => ({ ...news(), sinkOrgId: NOBODY }),
  },
  {
    what: "a sink that is disabled",
    fails: ["sinkOrgId", "not-found"],
    wanted: () => news("retired"),
    names: () => "Acme Retired, which is disabled",
  },
  {
    what: "a pair that exists",
    fails: ["sinkOrgId", "pair-exists"],
    before: () =>
      sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] }),
    names: () => `${sandbox().connections()[0]?.id ?? ""} (audit), made by`,
  },
  { what: "nothing wrong" },
  {
    what: "the same sink of another source",
    before: () => sandbox().connect({ source: "checkout", sink: "observability" }),
  },
  {
    what: "the pair the other way round",
    before: () => sandbox().connect({ source: "observability", sink: "payments" }),
  },
  { what: "keys that may only read", wanted: () => news("observability", "readonly") },
  {
    what: "keys that may only read, and a sink that nobody knows",
    wanted: () => ({ ...news("observability", "readonly"), sinkOrgId: NOBODY }),
  },
  { what: "a sink that is not known yet", wanted: () => ({ ...news(), sinkOrgId: UNKNOWN }) },
  ...(
    [
      status(429),
      status(500),
      status(502),
      status(503),
      status(418),
      { kind: "reset" },
      { kind: "truncate" },
      { kind: "hang" },
    ] as FaultAction[]
  ).flatMap((what): Cause[] => [
    {
      what: `listing answered by ${what.kind} ${"status" in what ? String(what.status) : ""}`,
      before: () => answer("listConnections", what),
    },
    {
      what: `organizations answered by ${what.kind} ${"status" in what ? String(what.status) : ""}`,
      before: () => answer("listOrganizations", what),
    },
  ]),
  {
    what: "a listing that is short of its total",
    before: () => {
      sandbox().connect({ source: "payments", sink: "observability" });
      return answer("listConnections", { kind: "short-page", drop: 1 });
    },
  },
  { what: "organizations that may not be listed", before: () => answer("listOrganizations", status(403)) },
];

describe("a look at preview", () => {
  test.each(causes.filter(({ skip }) => skip !== true))("$what: $fails", async (cause) => {
    cause.before?.();
    const world = quick(sandbox(), {
      client: { tryTimeoutMs: 300, retry: { tries: 2 } },
      ...(cause.organizations && { organizations: cause.organizations() }),
    });
    const { failures } = await check(world, {}, cause.wanted?.() ?? news());
    expect(world.warnings).toEqual([]);
    expect(writes(sandbox())).toBe(0);
    if (!cause.fails) {
      expect(failures).toEqual([]);
      return;
    }
    const [property, code] = cause.fails;
    expect(failures).toEqual([{ property, reason: expect.stringContaining(`[${code}]`) as string }]);
    expect(failures[0]?.reason).toContain(cause.names?.() ?? "");
  });

  test("passes what is taken over, though its destination was disabled since", async () => {
    const id = sandbox().connect({ source: "payments", sink: "retired" });
    const world = quick(sandbox());
    expect((await check(world, {}, { ...news("retired"), adopt: true })).failures).toEqual([]);
    expect(world.warnings).toEqual([expect.stringContaining(`will take over connection ${id}`)]);
  });

  test("has a message of its own for each cause", async () => {
    const messages: string[] = [];
    // The two below are one cause: who is not of the account is not seen, wherever else it may be.
    const failing = causes.filter(
      ({ what, fails, skip }) => fails && skip !== true && what !== "a sink that nobody knows",
    );
    for (const { before, organizations, wanted } of failing) {
      sandbox().reset();
      before?.();
      const world = quick(sandbox(), organizations && { organizations: organizations() });
      messages.push((await check(world, {}, wanted?.() ?? news())).failures[0]?.reason ?? "");
    }
    const blanked = messages.map((text) =>
      text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|organization "\w+"/g, "…"),
    );
    expect(new Set(blanked).size).toBe(failing.length);
  });
});

describe("a look with adoption says what will be taken over", () => {
  const existing = () =>
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });

  test.each([
    ["of the resource", { adopt: true }, false],
    ["of this run", {}, true],
  ])("%s: id, creator, types before and after, and no failure", async (_, more, adoptAll) => {
    const id = existing();
    const world = quick(sandbox(), { adoptAll });
    expect((await check(world, {}, { ...news(), ...more })).failures).toEqual([]);
    const [told] = world.warnings;
    expect(told).toContain("Acme Observability");
    expect(told).toContain(`${id} (audit), made by ${sandbox().organization("payments").user.name}`);
    expect(told).toContain("change its types to logs, metrics");
    expect(world.warnings).toHaveLength(1);
    expect(writes(sandbox())).toBe(0);
  });

  test.each([
    ["unmanaged types", undefined],
    ["the same types", ["audit"]],
  ])("with %s: they stay", async (_, connectionTypes) => {
    existing();
    const world = quick(sandbox());
    await check(world, {}, { ...news(), connectionTypes, adopt: true });
    expect(world.warnings).toEqual([expect.stringContaining("leave its types as they are")]);
  });

  test("and nothing when there is nothing to take over", async () => {
    const world = quick(sandbox(), { adoptAll: true });
    await check(world, {}, { ...news(), adopt: true });
    expect(world.warnings).toEqual([]);
  });
});

describe("a pair that exists is no failure", () => {
  test("when diff has just seen its id in this operation: the resource is being replaced", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox());
    await check(world, news(), news());
    await diff(world, connectionId, recorded, news());
    expect((await check(world, {}, news())).failures).toEqual([]);
  });

  test("when this operation has ended it, whatever the organization is called", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = quick(sandbox(), { organizations: { pay: entryOf(sandbox(), "payments") } });
    // The listing of before is taken.
    await check(world, {}, news("security"));
    await remove(world, connectionId, recorded);
    expect((await check(world, {}, news("observability", "pay"))).failures).toEqual([]);
  });

  test("when the resource keeps its sink and changes its types", async () => {
    await declared(sandbox(), "payments", "observability");
    const { failures } = await check(quick(sandbox()), { ...news(), connectionTypes: ["logs"] }, news());
    expect(failures).toEqual([]);
  });
});

describe("an organization that sees but itself", () => {
  const lonely = useSandbox({
    seed: {
      accounts: [
        {
          name: "Lonely",
          organizations: [{ key: "lonely", id: "cccccccc-0001-4000-8000-000000000001", name: "Lonely" }],
        },
      ],
    },
  });

  test("tells nothing about others: an unknown sink is left to the apply", async () => {
    const { failures } = await check(quick(lonely()), {}, { source: "lonely", sinkOrgId: NOBODY });
    expect(failures).toEqual([]);
  });
});
