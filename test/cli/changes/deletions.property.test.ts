import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNotice } from "../../../core/src/connection/notices.js";
import { SINGLE_TYPE } from "../../../core/src/host/type-tokens.js";
import { createPlan, createPlanned, createValues, getOrgId } from "../plans.js";
import { reviewInputs } from "../review-inputs.js";
import { selectCases } from "../../random.js";

const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";
const SINKS = ["hub", "other", "security"] as const;
const PLACES = ["dev", "dev-official", "prod", "plan.json"] as const;
type Place = (typeof PLACES)[number];

/** What a resource does to the connection of a pair. */
interface Action {
  place: Place;
  sink: (typeof SINKS)[number];
  kind: "delete" | "keep" | "adopt" | "forget";
}

const actions = fc.uniqueArray(
  fc
    .record({
      place: fc.constantFrom(...PLACES),
      sink: fc.constantFrom(...SINKS),
      kind: fc.constantFrom<Action["kind"][]>("delete", "keep", "adopt", "forget"),
    })
    // Only this package adopts. Any tool can release a connection.
    .filter(({ place, kind }) => kind !== "adopt" || place === "dev" || place === "prod"),
  { selector: ({ place, sink, kind }) => `${place} ${sink} ${kind}`, maxLength: 12 },
);

const cases = fc.record({
  actions,
  isSourceKnown: fc.boolean(),
  hasNotices: fc.boolean(),
  order: fc.constantFrom("as given", "reversed"),
});

const getStack = (place: Place) => (place === "prod" ? "prod" : "dev");
const getType = (place: Place) => (place === "dev-official" ? OFFICIAL_TYPE : SINGLE_TYPE);
const getId = (sink: string) => `c-${sink}`;

/** The step of a stack, without those that keep a connection: they are in the state. */
function createStep({ place, sink, kind }: Action) {
  const type = getType(place);
  const urn = `urn:pulumi:${getStack(place)}::acme::${type}::${sink}-${kind}`;
  const inputs = { source: "payments", sinkOrgId: getOrgId(sink), connectionTypes: ["logs"] };
  const outputs = { ...inputs, sourceOrgId: getOrgId("source") };
  if (kind === "adopt")
    return { op: "create", urn, newState: { urn, type, inputs: { ...inputs, adopt: true } } };
  const state = { urn, type, id: getId(sink), inputs, outputs, retainOnDelete: kind === "forget" };
  return kind === "keep"
    ? { op: "same", urn, oldState: state, newState: state }
    : { op: "delete", urn, oldState: state };
}

/** The change in a plan. */
function createPlannedChange({ sink, kind }: Action) {
  const before = createValues(getId(sink), ["logs"], { sink });
  const address = `datadog_org_connection.${sink}-${kind}`;
  return kind === "keep"
    ? createPlanned(["no-op"], { address, before, after: before })
    : createPlanned([kind], { address, before });
}

function createNotice(sink: string) {
  const ends = { sourceOrgId: getOrgId("source"), sinkOrgId: getOrgId(sink) };
  const text = formatNotice("adopts", {
    kind: "adoption",
    connectionId: getId(sink),
    ...ends,
    connectionTypes: ["logs"],
  });
  return { severity: "info#err", message: `${text}\n` };
}

function createInputs({
  actions: all,
  isSourceKnown,
  hasNotices,
  order,
}: typeof cases extends fc.Arbitrary<infer C> ? C : never) {
  const organizations = { payments: isSourceKnown ? { id: getOrgId("source") } : {} };
  const createPreview = (stack: string, own: readonly Action[]) => ({
    config: { "datadog-org-connections:organizations": JSON.stringify(organizations) },
    steps: [
      { op: "same", urn: `urn:pulumi:${stack}::acme::pulumi:pulumi:Stack::acme-${stack}` },
      ...own.map(createStep),
    ],
    diagnostics: hasNotices
      ? own.flatMap(({ kind, sink }) => (kind === "adopt" ? [createNotice(sink)] : []))
      : [],
  });
  const sorted = order === "reversed" ? all.toReversed() : all;
  const select = (...places: Place[]) => sorted.filter(({ place }) => places.includes(place));
  return {
    dev: createPreview("dev", select("dev", "dev-official")),
    prod: createPreview("prod", select("prod")),
    "plan.json": createPlan(select("plan.json").map(createPlannedChange)),
  };
}

/** Whether the connection is deleted: by id, or by this package, without a resource in its stack that adopts or manages it. */
function isDeleted({ place, sink, kind }: Action, all: readonly Action[]): boolean {
  if (kind !== "delete") return false;
  if (place === "plan.json" || place === "dev-official") return true;
  return !all.some((one) => one.place === place && one.sink === sink && one.kind === "adopt");
}

test("whatever resources of other stacks and tools do, no deletion is hidden", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { outcome, changes } = reviewInputs(createInputs(one));
      const deleted = new Set(
        one.actions.filter((action) => isDeleted(action, one.actions)).map(({ sink }) => getId(sink)),
      );
      const reported = new Set(
        changes.flatMap(({ kind, connectionId }) => (kind === "delete" ? [connectionId] : [])),
      );
      expect([...deleted].filter((id) => !reported.has(id))).toEqual([]);
      if (deleted.size > 0) expect(outcome).toBe("destructive");
      // Only a resource of this package in the same stack retains a connection.
      const retained = changes.filter(({ retainedBy }) => retainedBy !== undefined);
      expect(retained.filter(({ tool }) => tool !== "datadog-org-connections")).toEqual([]);
      // An adoption of a connection that another resource deletes is never reported as one that shares as before.
      const adopted = changes.filter(({ kind }) => kind === "adopt");
      expect(
        adopted.filter(({ connectionId, deletedBy }) => deleted.has(connectionId ?? "") && !deletedBy),
      ).toEqual([]);
    }),
    selectCases(1000),
  );
});
