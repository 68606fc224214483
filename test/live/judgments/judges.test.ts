import fc from "fast-check";
import { expect, test } from "vitest";
import { assumptions } from "../../../sandbox/src/index.js";
import { selectCases } from "../../random.js";
import { type Evidence, STEPS } from "../probes/probe.js";
import type { Observation } from "../probes/read-response.js";
import { judgeAssumptions } from "../verdict.js";

const nothing: Evidence = { sourceOrgId: "a", sinkOrgId: "b", missing: {} };

test("nothing is confirmed or refuted if nothing was seen", () => {
  const verdicts = judgeAssumptions(nothing).map(({ judgment }) => judgment.verdict);
  expect(new Set(verdicts)).toEqual(new Set(["not seen"]));
});

const observation: fc.Arbitrary<Observation> = fc.record({
  status: fc.constantFrom(200, 201, 204, 302, 400, 401, 404, 409, 500),
  headers: fc.dictionary(
    fc.constantFrom("content-type", "x-ratelimit-reset", "x-ratelimit-limit"),
    fc.string(),
  ),
  text: fc.string(),
  json: fc.oneof(
    fc.jsonValue(),
    fc.record({
      data: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({ id: fc.jsonValue(), attributes: fc.jsonValue(), relationships: fc.jsonValue() }),
        ),
      ),
      errors: fc.jsonValue(),
      included: fc.jsonValue(),
      meta: fc.jsonValue(),
    }),
  ),
});

test("no response of any shape breaks a judge", () => {
  fc.assert(
    fc.property(fc.array(observation, { minLength: 3, maxLength: 3 }), (observations) => {
      const responses = STEPS.map((step, at) => [step, observations[at % observations.length]] as const);
      const ids = { connectionId: "id", earlierConnectionId: "other", unusedId: "none" };
      const evidence = { ...nothing, ...ids, ...Object.fromEntries(responses) };
      expect(judgeAssumptions(evidence)).toHaveLength(assumptions.length);
    }),
    selectCases(300),
  );
});
