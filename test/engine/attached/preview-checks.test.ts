import { describe, expect, it } from "vitest";
import { OrgConnection, OrgConnectionSet } from "../../../provider/src/index.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { STACK_TRACE, listWrites } from "../expect-settled.js";
import { useEngine, type CliRun, type Stack } from "../stack.js";

const engine = useEngine({ seed: createSeed({ sources: 30 }) });

/** Returns a program of one connection. */
const declare =
  (name: string, sink: string, type = "logs", source?: string) =>
  () => {
    const sinkOrgId = engine.getOrgId(sink);
    new OrgConnection(name, { sinkOrgId, connectionTypes: [type], ...(source !== undefined && { source }) });
  };
const declareHub = (type = "logs") => declare("hub", "observability", type);
const declareFrom = (source: string) => declare(source, "observability", "logs", source);
/** Returns a program of a set with one destination. */
const declareSet = (name: string, type: string, source?: string) => () => {
  const connections = { [engine.getOrgId("observability")]: [type] };
  new OrgConnectionSet(name, { connections, ...(source !== undefined && { source }) });
};
/** Returns a program of `count` connections to different destinations. */
const declareMany = (count: number) => () => {
  for (let at = 1; at <= count; at++) declare(`to-${at}`, `source-${at}`)();
};

/** Replaces the keys of the default organization by those of another one. */
function useKeys(stack: Stack, key: string): void {
  const { apiKey, appKey } = engine.sandbox.getOrganization(key);
  stack.env = { ...stack.env, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
}

/** Expects that the preview fails with exactly one error, without a stack trace and without a write. */
async function expectFailure(stack: Stack, message: RegExp | string): Promise<CliRun> {
  const preview = await stack.preview();
  expect(preview.code, preview.output).not.toBe(0);
  expect(preview.errors).toHaveLength(1);
  expect(preview.errors[0]).toMatch(message);
  expect(preview.output).not.toMatch(STACK_TRACE);
  expect(listWrites(preview)).toEqual([]);
  return preview;
}

/** Expects that the preview plans the create without an error. */
async function expectSuccess(stack: Stack): Promise<CliRun> {
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  expect(preview.steps).toContain("create hub");
  return preview;
}

describe("credentials and site", () => {
  it("missing keys: the error names where they can be set", async () => {
    const stack = engine.createStack(declareHub());
    stack.env = { DD_HOST: engine.sandbox.url };
    await expectFailure(
      stack,
      /No credentials are set for the default organization.*DD_API_KEY and DD_APP_KEY.*\[credentials-missing\]/s,
    );
  });

  it("one missing key: the error names it", async () => {
    const stack = engine.createStack(declareHub());
    stack.env = { DD_HOST: engine.sandbox.url, DD_API_KEY: "only-this" };
    await expectFailure(stack, /DD_API_KEY is set, but DD_APP_KEY is not.*\[credentials-missing\]/s);
  });

  it("unknown keys: the error names their source", async () => {
    const stack = engine.createStack(declareHub());
    stack.env = { ...stack.env, DD_APP_KEY: "no-such-key" };
    await expectFailure(stack, /taken from DD_API_KEY and DD_APP_KEY.*both keys are valid.*\[forbidden\]/s);
  });

  it("keys with a 401 response: the error names both keys and the site", async () => {
    engine.sandbox.fail({ times: Infinity, moment: "before", what: { kind: "status", status: 401 } });
    await expectFailure(
      engine.createStack(declareHub()),
      /did not accept the keys.*Check both keys.*\[unauthenticated\]/s,
    );
  });

  it("keys of another organization than the configured id: the error names both organizations", async () => {
    const stack = engine.createStack(declareHub());
    await stack.setConfig("datadog-org-connections:id", engine.getOrgId("checkout"));
    const message = `belong to organization ${engine.getOrgId("payments")}, not to ${engine.getOrgId("checkout")}`;
    await expectFailure(stack, message);
  });

  it("a missing permission: the error names the required ones", async () => {
    engine.sandbox.setPermissions("payments", []);
    await expectFailure(
      engine.createStack(declareHub()),
      /the permission `org_connections_read`.*is missing.*doctor.*Failed permission authorization checks.*\[forbidden\]/s,
    );
  });

  it("the disabled feature: the error has Datadog's message", async () => {
    engine.sandbox.setFeature("payments", false);
    await expectFailure(
      engine.createStack(declareHub()),
      /visibility is not enabled.*connections are not enabled for this organization.*\[forbidden\]/s,
    );
  });

  it("a site that does not exist: the error names it", async () => {
    const stack = engine.createStack(declareHub());
    stack.env = { ...stack.env, DD_HOST: "", DD_SITE: "no-such-site.invalid" };
    const message = /https:\/\/api\.no-such-site\.invalid.*does not resolve.*\[name-not-resolved\]/s;
    await expectFailure(stack, message);
  });

  it("a server that redirects: the error names the target, and the redirect is not followed", async () => {
    const what = { kind: "redirect", location: "https://login.example.com/?next=api" } as const;
    engine.sandbox.fail({ times: Infinity, moment: "before", what });
    await expectFailure(
      engine.createStack(declareHub()),
      /redirected .* to login\.example\.com.*not\s+followed.*\[redirected\]/s,
    );
  });

  it("an HTML response: the error explains that it is not Datadog's API", async () => {
    engine.sandbox.fail({ times: Infinity, moment: "before", what: { kind: "html", status: 200 } });
    await expectFailure(
      engine.createStack(declareHub()),
      /not a response of the Datadog API.*text\/html.*\[unexpected-response\]/s,
    );
  });
});

describe("several organizations with bad credentials", () => {
  it("are all reported by one preview, each once", async () => {
    const sources = ["payments", "checkout", "search", "security"];
    const stack = engine.createStack(() => {
      for (const source of sources) declareFrom(source)();
    });
    for (const source of sources) {
      const path = `datadog-org-connections:organizations.${source}`;
      const { apiKey, appKey } = engine.sandbox.getOrganization(source);
      const keys = {
        apiKey,
        appKey: source === "payments" ? "no-such-key" : appKey,
        url: engine.sandbox.url,
      };
      for (const [setting, value] of Object.entries(keys)) {
        if (source === "checkout" && setting === "apiKey") continue;
        await stack.setConfig("--secret", "--path", `${path}.${setting}`, value);
      }
    }
    engine.sandbox.setPermissions("search", []);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.output).not.toMatch(STACK_TRACE);
    expect(listWrites(preview)).toEqual([]);
    const messages = preview.errors.map((error) => error.replace(/\s+/g, " ")).sort();
    expect(messages).toHaveLength(3);
    const text = messages.join("\n");
    expect(text).toMatch(/organization "payments", sent with the keys taken from .*\[forbidden\]/);
    expect(text).toMatch(/organization "checkout" is set: .*\[credentials-missing\]/);
    expect(text).toMatch(/organization "search", .*`org_connections_read` .* is missing\..*\[forbidden\]/);
    expect(text.match(/Also, for another configured organization: /g)).toHaveLength(2);
  });
});

describe("several sources that are not configured", () => {
  const SOURCES = ["paymets", "chekout", "serch", "securty"];

  it.each([
    ["OrgConnection", declareFrom],
    ["OrgConnectionSet", (source: string) => declareSet(source, "logs", source)],
  ])("%s: are all reported by one preview, without a request", async (kind, declareOne) => {
    const stack = engine.createStack(() => {
      for (const source of SOURCES) declareOne(source)();
    });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.output).not.toMatch(STACK_TRACE);
    expect(preview.requests).toEqual([]);
    const messages = preview.errors.map((error) => error.replace(/\s+/g, " ")).toSorted();
    expect(messages).toHaveLength(2);
    const [others = "", first = ""] = messages;
    const own = SOURCES.find((source) => first.includes(`Organization "${source}" is not configured`));
    expect(others).toContain("Also, the program has other sources that are not configured: ");
    const named = [...others.matchAll(new RegExp(`"(\\w+)" \\(${kind} "\\1"\\)`, "g"))].map(
      ([, name]) => name,
    );
    expect([own, ...named].toSorted()).toEqual(SOURCES.toSorted());
  });

  it("the other resources are not changed, and nothing is stored about the others", async () => {
    const stack = engine.createStack(declareFrom("payments"));
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    stack.env = { ...stack.env, DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
    await stack.expectUp();
    // Without its keys, its name is not configured, but an unchanged resource needs none.
    stack.env = { DD_HOST: engine.sandbox.url };
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
    expect(JSON.stringify(await stack.loadState())).not.toContain("unconfigured");
  });
});

describe("the pair", () => {
  it("exists already: the error names its id", async () => {
    const id = engine.sandbox.connect({ source: "payments", sink: "observability" });
    await expectFailure(
      engine.createStack(declareHub()),
      new RegExp(`already shares.*${id}.*\\[pair-exists\\]`, "s"),
    );
  });

  it("has a destination in another account", async () => {
    const stack = engine.createStack(declare("hub", "globex-shop"));
    await expectFailure(
      stack,
      /sinkOrgId.*does not belong to any of the \d+ organizations in the account.*\[not-found\]/s,
    );
  });

  it("has a disabled destination: the error names it", async () => {
    const stack = engine.createStack(declare("hub", "retired"));
    await expectFailure(stack, /sinkOrgId.*organization Acme Retired is disabled.*\[not-found\]/s);
  });

  it("has the source as its destination", async () => {
    const stack = engine.createStack(declare("hub", "payments"));
    await expectFailure(
      stack,
      /sinkOrgId.*the source \(.+\) and the destination are the same organization.*\[invalid-input\]/s,
    );
  });
});

describe("a change with the keys of another organization fails the preview as it would fail the up", () => {
  it.each([
    ["single", declareHub, /Changing the types of connection /],
    ["set", (type: string) => declareSet("hub", type), /Changing the set failed/],
  ])("%s: the error names both organizations; the right keys pass", async (_, declareType, message) => {
    const stack = engine.createStack(declareType("logs"));
    await stack.expectUp();
    stack.writeProgram(declareType("metrics"));
    useKeys(stack, "checkout");
    const preview = await expectFailure(stack, message);
    expect(preview.errors[0]?.replace(/\s+/g, " ")).toContain(
      `belong to organization ${engine.getOrgId("checkout")}, not to ${engine.getOrgId("payments")}`,
    );
    expect(preview.errors[0]).toContain("[wrong-organization]");
    const up = await stack.up();
    expect([up.code === 0, listWrites(up)]).toEqual([false, []]);
    useKeys(stack, "payments");
    const right = await stack.preview();
    expect([right.code, right.steps], right.output).toEqual([0, ["update hub"]]);
  });
});

describe("a new destination with the keys of another organization", () => {
  it("is refused in the preview and in the up, and its data is not shared", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    stack.writeProgram(declare("hub", "security"));
    useKeys(stack, "checkout");
    const preview = await expectFailure(stack, /Replacing connection .*\[wrong-organization\]/s);
    expect(preview.errors[0]?.replace(/\s+/g, " ")).toContain(
      `belong to organization ${engine.getOrgId("checkout")}, not to ${engine.getOrgId("payments")}`,
    );
    const up = await stack.up();
    expect([up.code === 0, listWrites(up)]).toEqual([false, []]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    useKeys(stack, "payments");
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → security: logs"]);
  });
});

describe("a set without members that was created with wrong keys", () => {
  it("is replaced as the error advises", async () => {
    const stack = engine.createStack(() => {
      new OrgConnectionSet("hub", { connections: {} });
    });
    useKeys(stack, "checkout");
    await stack.expectUp();
    stack.writeProgram(declareSet("hub", "logs"));
    useKeys(stack, "payments");
    const preview = await expectFailure(stack, /Changing the set failed: .*\[wrong-organization\]/s);
    expect(preview.errors[0]?.replace(/\s+/g, " ")).toContain(
      "run `pulumi up --replace` with the URN of the set",
    );
    await stack.expectUp("--replace", await stack.findUrn("hub"));
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });
});

describe("no unnecessary requests", () => {
  it("offline: the preview passes and sends no request", async () => {
    engine.sandbox.connect({ source: "payments", sink: "observability" });
    const stack = engine.createStack(declareHub());
    await stack.setConfig("datadog-org-connections:checks", "offline");
    expect((await expectSuccess(stack)).requests).toEqual([]);
  });

  it("offline: the preview needs no credentials", async () => {
    const stack = engine.createStack(declareHub());
    stack.env = {};
    await stack.setConfig("datadog-org-connections:checks", "offline");
    await expectSuccess(stack);
  });

  it("read-only keys pass a preview", async () => {
    await expectSuccess(engine.createStack(declareHub(), { source: "readonly" }));
  });

  it("a preview without changes sends no request", async () => {
    const stack = engine.createStack(declareMany(10));
    await stack.expectUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.requests]).toEqual([0, []]);
  });

  it("24 new connections of an organization need as many requests as one", async () => {
    const one = await engine.createStack(declareMany(1)).preview();
    const all = await engine.createStack(declareMany(24)).preview();
    expect([one.code, all.code]).toEqual([0, 0]);
    expect(all.steps).toHaveLength(24);
    expect(all.requests).toEqual(one.requests);
  });
});

describe("a temporary failure does not fail the preview", () => {
  // Exceeds the time limit of a call, so that the client does not wait.
  const headers = { "X-RateLimit-Reset": "3600" };

  it("503", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 503, headers },
    });
    await expectSuccess(engine.createStack(declareHub()));
  });

  it("429", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    await expectSuccess(engine.createStack(declareHub()));
  });

  it("429 for many connections, without waiting for the reset in an hour: the output says that nothing was checked", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    const { output } = await expectSuccess(
      engine.createStack(() => {
        declareHub()();
        declareMany(3)();
      }),
    );
    expect(output).toContain("not checked: the connections of the default organization. ");
  });
});
