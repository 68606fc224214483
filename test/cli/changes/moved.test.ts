/** Resources that an alias moves from `@pulumi/datadog`, in the steps of the engine: it shows some of them under the former address. */
import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { formatNotice } from "../../../core/src/connection/notices.js";
import { createSingle, formatReview, formatUrn, getId, reviewSteps, step, type StepTuple } from "./steps.js";

const TYPE = "datadog:index/orgConnection:OrgConnection";
const FORMER_URN = `urn:pulumi:dev::acme::${TYPE}::moved`;
const PROVIDER = "urn:pulumi:dev::acme::pulumi:providers:datadog::payments::id";

/** The resource in the state of `@pulumi/datadog`. It has no name of its source. */
function createFormer(sink = "hub") {
  const { inputs, outputs, ...rest } = createSingle("moved", sink, "logs");
  const former = { ...rest, urn: FORMER_URN, type: TYPE, provider: PROVIDER };
  return {
    ...former,
    inputs: { ...inputs, source: undefined },
    outputs: { ...(outputs as object), source: undefined },
  };
}
const createMoved = (sink: string, inputs: object = {}) => {
  const moved = createSingle("moved", sink, "logs");
  return { ...moved, inputs: { ...moved.inputs, ...inputs } };
};

/** Replaces the moved resource, and deletes the old connection last or first. */
const replaceMoved = (sink: string, order: "last" | "first" = "last", inputs: object = {}): StepTuple[] => {
  const former = createFormer();
  const next = createMoved(sink, inputs);
  return order === "first"
    ? [
        step.deleteReplaced(former),
        step.replace({ ...former, pendingReplacement: true }, next),
        step.createReplacement({ ...former, pendingReplacement: true }, next),
      ]
    : [
        step.createReplacement(former, next),
        step.replace({ ...former, delete: true }, next),
        step.deleteReplaced({ ...former, delete: true }),
      ];
};
const adopting = createSingle("other", "hub", "logs");
const CREATE_ADOPTING: StepTuple = step.create({ ...adopting, inputs: { ...adopting.inputs, adopt: true } });
const listWarnings = ({ warnings }: ReturnType<typeof reviewSteps>) => warnings.map(({ code }) => code);

describe("a resource that moves and is replaced", () => {
  it.each(["last", "first"] as const)("is one change if the old connection is deleted %s", (order) => {
    const review = reviewSteps(replaceMoved("search", order), { state: [createFormer()] });
    expect(review.changes).toMatchObject([{ kind: "replace", deleteFirst: order === "first" }]);
    expect(review.changes[0]?.because).toBeUndefined();
    expect(listWarnings(review)).toEqual([]);
  });

  it("leaves what an interrupted replacement left behind under the former address", () => {
    const leftover = { ...createFormer("security"), id: "id-leftover", delete: true };
    const review = reviewSteps([...replaceMoved("search"), step.deleteReplaced(leftover)]);
    expect(review.changes).toMatchObject([
      { kind: "delete", because: "leftover", connectionId: "id-leftover" },
      { kind: "replace", connectionId: "id-moved" },
    ]);
  });

  it("does not adopt the connection that is deleted first, so nothing conflicts", () => {
    const review = reviewSteps(replaceMoved("hub", "first", { adopt: true }));
    expect(review.changes).toMatchObject([{ kind: "replace", gap: true }]);
    expect(review.changes[0]).toMatchObject({ otherOwners: undefined, deletedBy: undefined });
    expect(listWarnings(review)).toEqual([]);
  });

  it("deletes what its own replacement adopts, if that is last: only the deletion names the replacement", () => {
    const { changes } = reviewSteps(replaceMoved("hub", "last", { adopt: true }));
    expect(changes).toMatchObject([
      { kind: "delete", otherOwners: [{ name: "moved", tool: "datadog-org-connections" }] },
      { kind: "adopt", deletedBy: [{ name: "moved", tool: "pulumi-datadog" }] },
    ]);
    expect(changes[1]?.otherOwners).toBeUndefined();
  });

  it.each(["last", "first"] as const)(
    "does not hand over its connection, and if it is deleted %s, the sentence says whether it may be created again",
    (order) => {
      const review = reviewSteps([...replaceMoved("search", order), CREATE_ADOPTING]);
      const again = order === "first" ? ", but may create the connection again" : "";
      expect(formatReview(review)[1]).toContain(
        `other (acme/dev), which manages or may adopt the same connection, does not prevent the deletion${again} —`,
      );
    },
  );

  it("is named with its address in the state, and the advice is a run of its own", () => {
    const { changes, warnings } = reviewSteps([...replaceMoved("search"), CREATE_ADOPTING]);
    expect(changes[0]).toMatchObject({ formerOwner: { address: FORMER_URN, tool: "pulumi-datadog" } });
    expect(changes[1]?.deletedBy).toMatchObject([{ address: FORMER_URN }]);
    expect(warnings.map(({ code, sentence }) => [code, toPlainText(sentence)])).toEqual([
      [
        "managed-elsewhere",
        expect.stringMatching(
          /^moved \(@pulumi\/datadog, acme\/dev\) deletes .* First apply only the alias that moves moved, in a run of its own\./,
        ),
      ],
    ]);
    expect(toPlainText(warnings[0]?.alike?.summarize([]) ?? [])).toContain(
      "First apply only the aliases that move these resources, in a separate run.",
    );
  });

  it("is not retained by another resource, because its former provider deletes by ID", () => {
    const second = { ...createSingle("second", "hub", "logs"), id: "id-moved" };
    const [change] = reviewSteps(replaceMoved("search"), { state: [createFormer(), second] }).changes;
    expect(change).toMatchObject({ kind: "replace", otherOwners: [{ name: "second" }] });
    expect(change?.retainedBy).toBeUndefined();
  });

  it("has a source that may be the same organization, if the program gives only a name without an ID", () => {
    const unknown = { source: "elsewhere" };
    const sentences = formatReview(reviewSteps(replaceMoved("hub", "first", unknown)));
    expect(sentences[1]).toContain(
      "from elsewhere (configured name) (which may be the same organization) to",
    );
    expect(formatReview(reviewSteps(replaceMoved("search")))[1]).not.toContain("may be the same");
  });

  it("may adopt its own connection, if the preview says so and the program gives only a name without an ID", () => {
    const notice = formatNotice("will adopt", {
      kind: "adoption",
      connectionId: "id-moved",
      sourceOrgId: getId("payments"),
      sinkOrgId: getId("hub"),
      connectionTypes: ["logs"],
    });
    const { changes } = reviewSteps(replaceMoved("hub", "last", { source: "elsewhere" }), {
      notices: [notice],
    });
    expect(changes).toMatchObject([
      { adoptionNotice: { connectionId: "id-moved" }, deletedBy: [{ tool: "pulumi-datadog" }] },
    ]);
  });
});

it("a notice that another resource certainly explains is not about a source that is known by its name only", () => {
  const live = createSingle("gone", "hub", "logs");
  const notice = formatNotice("will adopt", {
    kind: "adoption",
    connectionId: live.id,
    sourceOrgId: getId("payments"),
    sinkOrgId: getId("hub"),
    connectionTypes: ["logs"],
  });
  const unknown = createSingle("unknown", "hub", "logs");
  const { changes } = reviewSteps(
    [
      step.delete(live),
      CREATE_ADOPTING,
      step.create({ ...unknown, inputs: { ...unknown.inputs, source: "elsewhere" } }),
    ],
    { notices: [notice] },
  );
  const created = changes.find(({ resource }) => resource === "unknown");
  expect(created).toMatchObject({ kind: "create", adoptionNotice: undefined });
});

describe("a refresh", () => {
  const former = createFormer();
  it("of a resource that moves has its former address, and the connection has one owner", () => {
    const moved = { ...createMoved("hub"), id: former.id };
    const review = reviewSteps([step.refresh(former, former), step.update(former, moved)]);
    expect(listWarnings(review)).toEqual([]);
  });

  it("of a renamed resource shows the drift that the update corrects", () => {
    const before = createSingle("old", "hub", "logs");
    const drifted = { ...createSingle("old", "hub", "metrics"), id: before.id };
    const renamed = { ...createSingle("old", "hub", "logs"), urn: formatUrn("new") };
    const review = reviewSteps([step.update(before, drifted), step.update(drifted, renamed)]);
    expect(listWarnings(review)).toEqual([]);
    expect(review.changes).toMatchObject([
      { kind: "drift", drift: { gone: false, added: ["metrics"], removed: ["logs"] } },
    ]);
  });
});
