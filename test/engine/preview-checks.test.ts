import { describe, expect, it } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { STACK_TRACE, writesOf } from "./settled.js";
import { useEngine, type Run, type Stack } from "./stack.js";

const engine = useEngine({ seed: seedWith({ sources: 30 }) });

const declare = (name: string, sink: string) =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] });`;
const hub = () => declare("hub", "observability");
/** So many connections, each to another sink. */
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => declare(`to-${at + 1}`, `source-${at + 1}`)).join("\n");

/** The preview fails for one cause, told once, without a stack trace and without a write. */
async function failsWith(stack: Stack, message: RegExp | string): Promise<Run> {
  const preview = await stack.preview();
  expect(preview.code, preview.output).not.toBe(0);
  expect(preview.errors).toHaveLength(1);
  expect(preview.errors[0]).toMatch(message);
  expect(preview.output).not.toMatch(STACK_TRACE);
  expect(writesOf(preview)).toEqual([]);
  return preview;
}

/** The preview plans the create and shows no error. */
async function passes(stack: Stack): Promise<Run> {
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  expect(preview.steps).toContain("create hub");
  return preview;
}

describe("keys and site", () => {
  it("keys missing: the places where they can be set", async () => {
    const stack = engine.stack(hub());
    stack.env = { DD_HOST: engine.sandbox.url };
    await failsWith(
      stack,
      /No keys for the default organization.*DD_API_KEY and DD_APP_KEY.*\[keys-missing\]/s,
    );
  });

  it("one key missing: which one", async () => {
    const stack = engine.stack(hub());
    stack.env = { DD_HOST: engine.sandbox.url, DD_API_KEY: "only-this" };
    await failsWith(stack, /DD_API_KEY is set and DD_APP_KEY is not.*\[keys-missing\]/s);
  });

  it("keys that Datadog does not know: where they were taken from", async () => {
    const stack = engine.stack(hub());
    stack.env = { ...stack.env, DD_APP_KEY: "no-such-key" };
    await failsWith(stack, /taken from DD_API_KEY and DD_APP_KEY.*both keys are valid.*\[forbidden\]/s);
  });

  it("keys that Datadog answers with 401: both keys and the site", async () => {
    engine.sandbox.fail({ times: Infinity, moment: "before", what: { kind: "status", status: 401 } });
    await failsWith(engine.stack(hub()), /did not accept the keys.*Check both keys.*\[unauthenticated\]/s);
  });

  it("keys of another organization than the configured id: both organizations", async () => {
    const stack = engine.stack(hub());
    await stack.config("datadog-org-connections:id", engine.id("checkout"));
    const message = `belong to organization ${engine.id("payments")}, not to ${engine.id("checkout")}`;
    await failsWith(stack, message);
  });

  it("a permission missing: which ones it takes", async () => {
    engine.sandbox.setPermissions("payments", []);
    await failsWith(
      engine.stack(hub()),
      /permissions `org_connections_read`.*Failed permission authorization checks.*\[forbidden\]/s,
    );
  });

  it("the feature switched off: so says Datadog", async () => {
    engine.sandbox.setFeature("payments", false);
    await failsWith(
      engine.stack(hub()),
      /visibility is switched on.*connections are not enabled for this organization.*\[forbidden\]/s,
    );
  });

  it("a site that does not exist: its name", async () => {
    const stack = engine.stack(hub());
    stack.env = { ...stack.env, DD_HOST: "", DD_SITE: "no-such-site.invalid" };
    const message = /https:\/\/api\.no-such-site\.invalid.*does not resolve.*\[name-not-resolved\]/s;
    await failsWith(stack, message);
  });

  it("a server that redirects: where to, and that keys do not follow", async () => {
    const what = { kind: "redirect", location: "https://login.example.com/?next=api" } as const;
    engine.sandbox.fail({ times: Infinity, moment: "before", what });
    await failsWith(
      engine.stack(hub()),
      /redirects .* to login\.example\.com.*not\s+followed.*\[redirected\]/s,
    );
  });

  it("a server that answers HTML: that this is not Datadog's API", async () => {
    engine.sandbox.fail({ times: Infinity, moment: "before", what: { kind: "html", status: 200 } });
    await failsWith(
      engine.stack(hub()),
      /not an answer of Datadog's API.*text\/html.*\[unexpected-answer\]/s,
    );
  });
});

describe("the pair", () => {
  it("exists already: its id", async () => {
    const id = engine.sandbox.connect({ source: "payments", sink: "observability" });
    await failsWith(engine.stack(hub()), new RegExp(`already shares.*${id}.*\\[pair-exists\\]`, "s"));
  });

  it("to a sink of another account", async () => {
    const stack = engine.stack(declare("hub", "globex-shop"));
    await failsWith(stack, /sinkOrgId.*is none of the \d+ organizations of the account.*\[not-found\]/s);
  });

  it("to a sink that is disabled: its name", async () => {
    const stack = engine.stack(declare("hub", "retired"));
    await failsWith(stack, /sinkOrgId.*is Acme Retired, which is disabled.*\[not-found\]/s);
  });

  it("to the source itself", async () => {
    const stack = engine.stack(declare("hub", "payments"));
    await failsWith(stack, /sinkOrgId.*source and destination are the same organization.*\[invalid-input\]/s);
  });
});

describe("no more than needed", () => {
  it("offline: the preview passes and makes no request", async () => {
    engine.sandbox.connect({ source: "payments", sink: "observability" });
    const stack = engine.stack(hub());
    await stack.config("datadog-org-connections:checks", "offline");
    expect((await passes(stack)).requests).toEqual([]);
  });

  it("offline: the preview needs no keys", async () => {
    const stack = engine.stack(hub());
    stack.env = {};
    await stack.config("datadog-org-connections:checks", "offline");
    await passes(stack);
  });

  it("keys that may only read pass a preview", async () => {
    await passes(engine.stack(hub(), { source: "readonly" }));
  });

  it("a preview without changes makes no request", async () => {
    const stack = engine.stack(many(10));
    await stack.mustUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.requests]).toEqual([0, []]);
  });

  it("as many requests for 24 new connections of an organization as for one", async () => {
    const one = await engine.stack(many(1)).preview();
    const all = await engine.stack(many(24)).preview();
    expect([one.code, all.code]).toEqual([0, 0]);
    expect(all.steps).toHaveLength(24);
    expect(all.requests).toEqual(one.requests);
  });
});

describe("a failure that passes by itself is silence at preview", () => {
  // A wait beyond the budget of a call, so that it is not waited for.
  const headers = { "X-RateLimit-Reset": "3600" };

  it("503", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 503, headers },
    });
    await passes(engine.stack(hub()));
  });

  it("429", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    await passes(engine.stack(hub()));
  });

  it("429 for many connections: it does not wait for the next hour", async () => {
    engine.sandbox.fail({
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    await passes(engine.stack(`${hub()}\n${many(3)}`));
  });
});
