import fc from "fast-check";
import { expect, it } from "vitest";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import { PairIndex } from "../../../cli/src/changes/pair-index.js";
import {
  canBeSamePair,
  isSamePair,
  type OrganizationRef,
  type Pair,
  type SharedData,
} from "../../../cli/src/changes/shared-data.js";
import { reviewInputs } from "../review-inputs.js";
import { selectCases } from "../../random.js";
import { createSingle, getId } from "./steps.js";

const letter = fc.constantFrom("a", "b");
const organization: fc.Arbitrary<OrganizationRef> = fc.record(
  { id: letter, alias: letter, isDefault: fc.constant(true as const), provider: letter, location: letter },
  { requiredKeys: [] },
);
const pair: fc.Arbitrary<Pair> = fc.record({ source: organization, sink: organization });

it("finds exactly the pairs that are or can be the same, in their order", () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 20 }), pair, (pairs, wanted) => {
      const index = new PairIndex(pairs, (one) => one);
      expect(index.listSame(wanted)).toEqual(pairs.filter((one) => isSamePair(one, wanted)));
      expect(index.listPossible(wanted)).toEqual(pairs.filter((one) => canBeSamePair(one, wanted)));
    }),
    selectCases(2000),
  );
});

/** Counts how often the sources of pairs are read, which each comparison does. */
class CountingDirectory extends OrganizationDirectory {
  reads = 0;
  override resolveEnds(shared: SharedData): SharedData {
    const ends = super.resolveEnds(shared);
    const { source } = ends;
    return Object.defineProperty(ends, "source", { enumerable: true, get: () => (this.reads++, source) });
  }
}

/** Counts the reads in a review of new connections of one destination, and of as many deleted ones of another one. */
function countReads(count: number): number {
  const steps = Array.from({ length: count }, (_, at) => {
    const [created, deleted] = ["hub", "search"].map((sink) => ({
      sinkOrgId: getId(sink),
      connectionTypes: ["logs"],
    }));
    const sourceOrgId = `00000000-0000-4000-8000-1${String(at).padStart(11, "0")}`;
    const newState = createSingle(`new-${at}`, "hub", "logs", { inputs: { source: `s${at}`, ...created } });
    const oldState = createSingle(`old-${at}`, "search", "logs", { outputs: { sourceOrgId, ...deleted } });
    return [
      { op: "create", urn: newState.urn, newState },
      { op: "delete", urn: oldState.urn, oldState },
    ];
  });
  const directory = new CountingDirectory();
  const { changes } = reviewInputs({ preview: { steps: steps.flat() } }, { directory });
  expect(changes).toHaveLength(2 * count);
  return directory.reads;
}

it("a review of twice as many creates and deletes compares about twice as many pairs, not four times as many", () => {
  expect(countReads(200) / countReads(100)).toBeLessThan(2.5);
});
