import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeKind } from "../../../../cli/src/changes/change.js";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { groupAlike } from "../../../../cli/src/commands/review/alike.js";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import type { SharedData } from "../../../../cli/src/changes/shared-data.js";
import { createChange } from "../../changes/create-change.js";
import { createReview } from "./create-review.js";
import { selectCases } from "../../../random.js";

interface Item {
  effect: string;
  source: string | undefined;
  sink: string | undefined;
}
const createItems = (count: number, more: Partial<Item>): Item[] =>
  Array.from({ length: count }, (_, at) => ({
    effect: "stop",
    source: `source-${at}`,
    sink: "hub",
    ...more,
  }));
const group = (items: Item[]) => {
  const { groups, rest } = groupAlike(items, (item) => item);
  return { groups: groups.map((one) => [one.commonEnd, one.items.length]), rest: rest.length };
};

describe("alike changes", () => {
  it.each<[string, Item[], ReturnType<typeof group>]>([
    ["7 are not grouped", createItems(7, {}), { groups: [], rest: 7 }],
    ["8 with a common destination are", createItems(8, {}), { groups: [["sink", 8]], rest: 0 }],
    [
      "8 with a common source are",
      createItems(8, { source: "payments" }).map((item, at) => ({ ...item, sink: `sink-${at}` })),
      { groups: [["source", 8]], rest: 0 },
    ],
    [
      "those with different effects are not",
      [...createItems(7, {}), ...createItems(7, { effect: "start" })],
      { groups: [], rest: 14 },
    ],
    [
      "those whose ends are unknown are not",
      createItems(20, { source: undefined, sink: undefined }),
      { groups: [], rest: 20 },
    ],
    [
      "the largest group is formed first, and groups keep the order of the changes",
      [
        ...createItems(9, { source: "payments" }).map((item, at) => ({ ...item, sink: `sink-${at}` })),
        ...createItems(20, {}),
        { effect: "stop", source: "payments", sink: "hub" },
      ],
      {
        groups: [
          ["source", 9],
          ["sink", 21],
        ],
        rest: 0,
      },
    ],
  ])("%s", (_, items, expected) => {
    expect(group(items)).toEqual(expected);
  });
});

/** A change between a few organizations, so that many are alike. */
const change: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.constantFrom("delete", "replace", "update", "create", "adopt", "release", "state-only", "drift"),
    source: fc.nat({ max: 3 }),
    sink: fc.nat({ max: 3 }),
    types: fc.constantFrom(["logs"], ["metrics"], []),
    isUnreadable: fc.constantFrom(true, undefined, undefined),
    mayInterrupt: fc.constantFrom(true, undefined, undefined, undefined),
    because: fc.constantFrom("exclusive", "leftover", undefined, undefined),
  })
  .map(({ kind, source, sink, types, isUnreadable, mayInterrupt, because }) => {
    const shared = {
      source: { id: `source-${source}` },
      sink: { id: `sink-${sink}` },
      connectionTypes: types,
    };
    const isStop = kind === "delete" || kind === "update" || kind === "drift";
    return createChange(kind, {
      ...(kind !== "create" && { before: shared }),
      ...(kind !== "delete" && { after: shared }),
      removedTypes: isStop ? types : [],
      addedTypes: isStop ? [] : types,
      mayInterrupt,
      isUnreadable,
      because: kind === "delete" ? because : undefined,
    });
  });

/** Changes of which many are alike: each one is repeated with other sources. */
const changesOfMany = fc
  .array(fc.tuple(change, fc.integer({ min: 1, max: 15 })), { minLength: 1, maxLength: 8 })
  .map((list) =>
    list
      .flatMap(([one, count]) =>
        Array.from({ length: count }, (_, at) => {
          const replaceSource = (shared: SharedData | undefined) =>
            shared && { ...shared, source: { id: `many-${at}` } };
          return at === 0
            ? one
            : { ...one, before: replaceSource(one.before), after: replaceSource(one.after) };
        }),
      )
      .map((one, at) => ({ ...one, resource: `resource-${at}.` }) as Change),
  );

it("each change that stops or may stop sharing is on a line of its own or in the first details, by its name", () => {
  fc.assert(
    fc.property(changesOfMany, (changes) => {
      const report = renderMarkdown(createReview({ changes, outcome: "destructive" }));
      const [visible = "", first = ""] = report.split("<details>");
      const stops = /### What stops being shared\n(.*?)\n### /s.exec(visible)?.[1] ?? "";
      for (const { resource } of changes.filter(({ stops }) => stops))
        expect(`${stops}${first}`).toContain(`\`${resource}\``);
    }),
    selectCases(200),
  );
});

const owner = {
  tool: "terraform",
  form: "single",
  location: "plan.json",
  address: "datadog_org_connection.hub",
  name: "datadog_org_connection.hub",
} as const;

it.each<[string, Partial<Change>, RegExp]>([
  [
    "adopt",
    { deletedBy: [owner] },
    /^- ⛔ \*\*8 organizations\*\* may stop sharing data with .* Other resources delete or may delete the connections of these pairs/m,
  ],
  [
    "delete",
    { otherOwners: [owner], removedTypes: ["logs"] },
    /^- ⛔ \*\*8 organizations\*\* stop sharing `logs` with .* Other resources that adopt or manage the connections do not prevent the deletion/m,
  ],
])(
  "%s: a group names the conflict with other owners, and is apart from changes without it",
  (kind, conflict, line) => {
    const createChanges = (more: Partial<Change>) =>
      Array.from({ length: 8 }, (_, at) => {
        const shared = { source: { id: `source-${at}` }, sink: { id: "hub" }, connectionTypes: ["logs"] };
        return createChange(kind as ChangeKind, {
          before: shared,
          ...(kind === "adopt" && { after: shared }),
          ...more,
        });
      });
    const changes = [
      ...createChanges(conflict),
      ...createChanges({ removedTypes: conflict.removedTypes ?? [] }),
    ];
    const report = renderMarkdown(createReview({ changes }));
    expect(report).toMatch(line);
    expect(report.match(/^- .*\*\*8 organizations\*\*/gm)).toHaveLength(2);
  },
);

describe("types that were shared before are not reported as newly shared if the types afterward are not shown", () => {
  const createUpdate = (at: number, known: string, addedTypes: string[] = []) => {
    const before = { source: { id: `source-${at}` }, sink: { id: "hub" }, connectionTypes: [known] };
    const after = { ...before, connectionTypes: [known, ...addedTypes], openTypes: "unknown" as const };
    return createChange("update", { before, after, addedTypes });
  };
  const readStarts = (changes: Change[]) =>
    /### What is newly shared\n\n(.*)\n/.exec(renderMarkdown(createReview({ changes })))?.[1];

  it.each([
    ["no other types", [], "types that are not shown"],
    ["other types", ["metrics"], "`metrics` and types that are not shown"],
  ])("and there are %s", (_, addedTypes, types) => {
    expect(readStarts([createUpdate(0, "logs", addedTypes)])).toBe(
      `- **\`source-0\` → \`hub\`** starts sharing ${types}: see \`a\` above.`,
    );
    const all = Array.from({ length: 8 }, (_, at) =>
      createUpdate(at, at % 2 === 0 ? "logs" : "audit", addedTypes),
    );
    expect(readStarts(all)).toContain(
      `**8 organizations** start sharing ${types} in addition to what they already share with **\`hub\`**: `,
    );
  });
});
