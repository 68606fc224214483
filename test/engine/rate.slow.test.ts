import { describe, expect, it } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { useEngine } from "./stack.js";

/** Ten requests a second for each organization, as the sandbox counts them on the machine's clock. */
const engine = useEngine({ seed: seedWith({ sources: 60 }), rateLimit: { limit: 10, periodSeconds: 1 } });

/** As on a machine of four processors; with fewer the engine asks for less at once. */
const AT_ONCE = "--parallel=16";

const sources = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `source-${from + at}`);
const declare = (name: string, sink: string, source?: string) =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"]${
    source === undefined ? "" : `, source: "${source}"`
  } });`;
const refused = () => engine.sandbox.requests.filter(({ status }) => status === 429).length;
const writes = () =>
  engine.sandbox.requests.filter(({ method, status }) => method === "POST" && status === 200);

describe("at ten requests a second", () => {
  it("one `up` makes 60 new connections, and fewer than 15 requests are refused", async () => {
    const stack = engine.stack(
      sources(1, 60)
        .map((sink) => declare(sink, sink))
        .join("\n"),
    );
    await stack.mustUp(AT_ONCE);
    expect(refused()).toBeLessThan(15);
    expect(writes()).toHaveLength(60);
    expect(engine.live()).toHaveLength(60);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("one `up` makes 5 new connections for each of 20 organizations, and fewer than 15 requests are refused", async () => {
    const stack = engine.stack(
      sources(1, 20)
        .flatMap((source) => sources(41, 5).map((sink) => declare(`${source}-to-${sink}`, sink, source)))
        .join("\n"),
    );
    for (const source of sources(1, 20)) {
      const { apiKey, appKey } = engine.sandbox.organization(source);
      const suffix = source.toUpperCase().replace("-", "_");
      stack.env = { ...stack.env, [`DD_API_KEY__${suffix}`]: apiKey, [`DD_APP_KEY__${suffix}`]: appKey };
    }
    await stack.mustUp(AT_ONCE);
    expect(refused()).toBeLessThan(15);
    expect(engine.live()).toHaveLength(100);
  });
});
