import { describe, expect, it } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { useEngine } from "./stack.js";

/** Ten requests per second for each organization, by the clock of the sandbox. */
const engine = useEngine({
  seed: createSeed({ sources: 60 }),
  rateLimit: { limit: 10, periodSeconds: 1 },
});

/** As on a machine with four processors. With fewer, the engine runs fewer steps concurrently. */
const PARALLEL = "--parallel=16";

const listSources = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `source-${from + at}`);
const declare = (name: string, sink: string, source?: string) =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["logs"]${
    source === undefined ? "" : `, source: "${source}"`
  } });`;
const countRefused = () => engine.sandbox.requests.filter(({ status }) => status === 429).length;
const listCreates = () =>
  engine.sandbox.requests.filter(({ method, status }) => method === "POST" && status === 200);

describe("at ten requests per second", () => {
  it("one `up` creates 60 connections with fewer than 15 responses of status 429", async () => {
    const stack = engine.createStack(
      listSources(1, 60)
        .map((sink) => declare(sink, sink))
        .join("\n"),
    );
    await stack.expectUp(PARALLEL);
    expect(countRefused()).toBeLessThan(15);
    expect(listCreates()).toHaveLength(60);
    expect(engine.listLive()).toHaveLength(60);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("one `up` creates 5 connections for each of 20 organizations with fewer than 15 responses of status 429", async () => {
    const stack = engine.createStack(
      listSources(1, 20)
        .flatMap((source) => listSources(41, 5).map((sink) => declare(`${source}-to-${sink}`, sink, source)))
        .join("\n"),
    );
    for (const source of listSources(1, 20)) {
      const { apiKey, appKey } = engine.sandbox.getOrganization(source);
      const suffix = source.toUpperCase().replace("-", "_");
      stack.env = { ...stack.env, [`DD_API_KEY__${suffix}`]: apiKey, [`DD_APP_KEY__${suffix}`]: appKey };
    }
    await stack.expectUp(PARALLEL);
    expect(countRefused()).toBeLessThan(15);
    expect(engine.listLive()).toHaveLength(100);
  });
});
