/** Steps that earlier versions treated as no change. */
import { describe, expect, test } from "vitest";
import { createSingle, formatReview, formatUrn, reviewSteps, step, type StepTuple } from "./steps.js";

const hub = createSingle("to-hub", "hub", "logs");
const createReference = (sink: string) => ({ ...createSingle("to-hub", sink, "logs"), external: true });
const review = (...steps: StepTuple[]) => formatReview(reviewSteps(steps));

describe("a resource that becomes a reference (OrgConnection.get)", () => {
  test("of its own connection leaves the stack, and nothing is deleted", () => {
    expect(review(step.read(hub, createReference("hub")))).toEqual([
      "changes",
      "Payments → hub continues to share logs but leaves this stack: connection id-to-hub will not be deleted (the program only reads it, with OrgConnection.get) and will no longer be managed — resource to-hub.",
    ]);
  });

  test.each<[string, StepTuple[]]>([
    ["in one step", [step.replace(hub, createReference("search"))]],
    [
      "in several steps",
      [
        ["read-replacement", hub, createReference("search")],
        step.replace(hub, createReference("search")),
        step.deleteReplaced(hub),
      ],
    ],
  ])("of another connection deletes its own: %s", (_, steps) => {
    expect(review(...steps)).toEqual([
      "destructive",
      "Payments → hub stops sharing logs: connection id-to-hub will be deleted because the resource becomes a reference to another connection (OrgConnection.get) — resource to-hub.",
    ]);
  });

  test.each<[string, StepTuple[]]>([
    ["without a refresh", []],
    ["with a refresh", [step.refresh(hub, hub)]],
    ["with a refresh that the digest shows by its result", [step.same(hub)]],
  ])(
    "of another connection deletes its own, although the engine marks it like a leftover: %s",
    (_, refresh) => {
      const marked = { ...hub, delete: true };
      const result = reviewSteps(
        [
          ...refresh,
          ["read-replacement", hub, createReference("search")],
          step.replace(marked, createReference("search")),
          step.deleteReplaced(marked),
        ],
        { state: [hub] },
      );
      expect(result.changes).toMatchObject([{ kind: "delete", because: "reference" }]);
      expect(result.changes[0]?.retainedBy).toBeUndefined();
      expect(result.warnings).toEqual([]);
    },
  );

  test("of another connection retains its own with retainOnDelete, which is the cause of the release", () => {
    expect(review(step.replace({ ...hub, retainOnDelete: true }, createReference("search")))).toEqual([
      "changes",
      "Payments → hub continues to share logs but leaves this stack: connection id-to-hub will not be deleted (retainOnDelete) and will no longer be managed — resource to-hub.",
    ]);
  });
});

test("a reference that becomes a resource starts to share", () => {
  const [outcome, sentence, ...more] = review(
    ["discard-replaced", createReference("search"), hub],
    step.createReplacement(createReference("search"), hub),
  );
  expect([outcome, more]).toEqual(["changes", []]);
  expect(sentence).toContain("starts sharing logs");
});

test.each(["read", "refresh", "same"])("a reference that stays one is ignored: %s", (op) => {
  expect(review([op, createReference("hub"), createReference("hub")])).toEqual(["none"]);
});

test("an imported connection continues to share, because nothing is created", () => {
  expect(review(["import", undefined, hub])).toEqual([
    "changes",
    "Payments → hub continues to share logs: connection id-to-hub will be adopted — resource to-hub.",
  ]);
});

test("an import replacement deletes the old connection", () => {
  const [replaced] = review(["import-replacement", hub, createSingle("to-hub", "search", "logs")]);
  expect(replaced).toBe("destructive");
});

test.each<StepTuple>([
  ["read-replacement", hub, createReference("search")],
  ["discard-replaced", createReference("search"), hub],
])("the engine's step %s is ignored, since another step shows the same", (...step) => {
  expect(review(step)).toEqual(["none"]);
});

test("an imported dynamic resource gives no organization a name or a UUID, because any program can declare one", () => {
  const forged = createSingle("forged", "search", "logs");
  const outputs = { ...(forged["outputs"] as object), sourceOrgName: "Forged", source: "unconfigured" };
  const other = createSingle("other", "hub", "logs");
  const { changes } = reviewSteps([
    ["import", undefined, { ...forged, outputs }],
    step.create({ ...other, outputs: {} }),
    step.create({
      ...other,
      urn: formatUrn("third"),
      outputs: {},
      inputs: { ...other.inputs, source: "unconfigured" },
    }),
  ]);
  const getSource = (name: string) => changes.find(({ resource }) => resource === name)?.after?.source;
  expect(getSource("other")?.name).toBeUndefined();
  expect(getSource("third")?.id).toBeUndefined();
});
