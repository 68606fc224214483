/** Events of the engine: a refresh of a resource, and of what an interrupted replacement left behind under the same URN. */
import { expect, test } from "vitest";
import { createSingle, formatReview, reviewEvents } from "./steps.js";

const hub = createSingle("to-hub", "hub", "audit, logs");
const leftover = { ...createSingle("to-hub", "search", "logs"), id: "id-old", delete: true };
const DELETED = "Payments → search stops sharing logs: connection id-old will be deleted because";

type Event = [kind: "pre" | "outputs", op: string, old: typeof hub | undefined, next?: typeof hub];

/** Reviews the events of a preview. */
const review = (...events: Event[]) =>
  reviewEvents([
    { preludeEvent: { config: {} } },
    ...events.map(([kind, op, old, next]) => ({
      [kind === "pre" ? "resourcePreEvent" : "resOutputsEvent"]: {
        metadata: { op, urn: hub.urn, old, new: next },
      },
    })),
  ]);
const describeEvents = (...events: Event[]): string[] => formatReview(review(...events));

const start = (old: typeof hub): Event => ["pre", "refresh", old, old];
/** Deletes what was left behind, as the program's step of the engine. */
const DELETE_LEFTOVER: Event = ["pre", "delete", leftover];

test("that finds what was left behind does not hide that the resource is deleted", () => {
  for (const refreshes of [
    [start(leftover), start(hub)],
    [start(hub), start(leftover)],
  ]) {
    const found: Event[] = [
      ["outputs", "same", leftover, leftover],
      ["outputs", "same", hub, hub],
    ];
    const [outcome, ...sentences] = describeEvents(...refreshes, ...found, DELETE_LEFTOVER, [
      "pre",
      "delete",
      hub,
    ]);
    expect(outcome).toBe("destructive");
    expect(sentences).toHaveLength(2);
    expect(sentences[0]).toContain("connection id-to-hub will be deleted —");
    expect(sentences[1]).toContain(DELETED);
  }
});

test("that finds what was left behind gone does not say that the resource is gone", () => {
  const next = createSingle("to-hub", "hub", "logs");
  const [outcome, sentence] = describeEvents(
    start(hub),
    start(leftover),
    ["outputs", "delete", leftover],
    ["outputs", "same", hub, hub],
    ["pre", "update", hub, next],
  );
  expect(outcome).toBe("destructive");
  expect(sentence).toContain("stops sharing audit, and continues to share logs");
  expect(sentence).not.toContain("outside this program");
});

test("finds drift of the resource, whichever of the two ends first", () => {
  const drifted = createSingle("to-hub", "hub", "audit, logs, metrics");
  const found: Event[] = [
    ["outputs", "update", hub, drifted],
    ["outputs", "same", leftover, leftover],
  ];
  for (const outputs of [found, found.toReversed()]) {
    const sentences = describeEvents(start(leftover), start(hub), ...outputs, [
      "pre",
      "update",
      drifted,
      hub,
    ]);
    expect(sentences[1]).toContain("stops sharing metrics");
    expect(sentences[1]).toContain("someone added metrics outside this program");
  }
});

test("that finds the resource gone does not count it as unchanged, whichever of the two starts last", () => {
  for (const refreshes of [
    [start(leftover), start(hub)],
    [start(hub), start(leftover)],
  ]) {
    const { unchanged, notes } = review(
      ...refreshes,
      ["outputs", "delete", hub],
      ["outputs", "same", leftover, leftover],
      DELETE_LEFTOVER,
    );
    expect(unchanged).toEqual([]);
    expect(notes).toEqual([expect.stringContaining("Connection id-to-hub (Payments → hub) is gone")]);
  }
});

test("an import has an old state only in its second event, which shows what is imported", () => {
  const [outcome, sentence] = describeEvents(
    ["pre", "import", undefined, { ...hub, id: "", importID: hub.id, inputs: {}, outputs: {} }],
    ["outputs", "import", hub, hub],
  );
  expect(outcome).toBe("changes");
  expect(sentence).toContain(
    "Payments → hub continues to share audit and logs: connection id-to-hub will be adopted",
  );
});
