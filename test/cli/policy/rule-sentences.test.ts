/** What the sentence of each rule says: why it is violated, and what is missing to decide it. */
import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { findViolations } from "../../../cli/src/policy/rules.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { UNKNOWN, createSingle, getId, reviewSteps, step, type StepTuple } from "../changes/steps.js";

const hub = createSingle("to-hub", "hub", "audit, logs");
const search = createSingle("to-search", "search", "logs");
const createHub: StepTuple[] = [step.create(hub)];
/** The preview does not show the destination. */
const createSomewhere = (connectionTypes: unknown): StepTuple[] => [
  step.create(
    createSingle("x", "hub", "", { inputs: { ...hub.inputs, sinkOrgId: UNKNOWN, connectionTypes } }),
  ),
];
const TOO_LITTLE_KNOWN = /too little is known about the organizations: run review with --lookup/;

const listSentences = (policy: Policy, steps: StepTuple[], state = [hub, search]) =>
  reviewSteps(steps, { policy, state }).violations.map(({ sentence }) => toPlainText(sentence));

describe("allow", () => {
  const createOpen = (connectionTypes: unknown): StepTuple[] => [
    step.create(createSingle("x", "hub", "", { inputs: { ...hub.inputs, connectionTypes } })),
  ];

  it.each([
    ["unspecified", undefined],
    ["not shown", UNKNOWN],
  ])("says that the types are %s", (what, connectionTypes) => {
    expect(listSentences({ allow: [{ types: ["logs"] }] }, createOpen(connectionTypes))).toEqual([
      `Payments → hub: the types are ${what}, and the allow-list does not allow all types.`,
    ]);
  });

  it("says what is missing to decide whether all types are allowed", () => {
    const [sentence, ...others] = listSentences({ allow: [{ sink: "hub" }] }, createSomewhere(undefined));
    expect(others).toEqual([]);
    expect(sentence).toContain(
      "the types are unspecified, and it is unknown whether the allow-list allows all",
    );
    expect(sentence).toMatch(TOO_LITTLE_KNOWN);
  });

  it("says what is missing to decide about a type", () => {
    const [sentence, ...others] = listSentences({ allow: [{ sink: "hub" }] }, createSomewhere(["logs"]));
    expect(others).toEqual([]);
    expect(sentence).toMatch(/logs may be outside the allow-list: too little is known/);
  });

  it("applies to all types of a connection that is replaced or adopted, not only to added ones", () => {
    const policy: Policy = { allow: [{ types: ["audit"] }] };
    const expected = ["Payments → hub: logs is outside the allow-list."];
    expect(listSentences(policy, [step.replace(hub, hub)])).toEqual(expected);
    const owner = { ...hub, urn: hub.urn.replace("to-hub", "former") };
    const adopting = { ...hub, id: "", outputs: {}, inputs: { ...hub.inputs, adopt: true } };
    const steps: StepTuple[] = [step.create(adopting), step.delete(owner)];
    const { changes, violations } = reviewSteps(steps, { policy, state: [owner] });
    expect(changes.map(({ kind }) => kind)).toEqual(["adopt"]);
    expect(violations.map(({ sentence }) => toPlainText(sentence))).toEqual(expected);
  });
});

describe("protect", () => {
  const policy: Policy = { protect: [{ sink: getId("hub") }] };

  it("names the option, and does not apply to another organization", () => {
    expect(listSentences(policy, createHub)).toEqual([
      "Payments → hub: the resource needs the option protect: true.",
    ]);
    expect(listSentences({ protect: [{ sink: getId("search") }] }, createHub)).toEqual([]);
  });

  it("says what is missing to decide whether it applies", () => {
    const [sentence] = listSentences(policy, createSomewhere(["logs"]));
    expect(sentence).toMatch(/the option protect: true \(too little is known/);
  });

  it("says that a plan of Terraform does not show its own option", () => {
    const { changes } = reviewSteps(createHub, { state: [] });
    const planned = changes.map((change) => ({ ...change, tool: "terraform" as const }));
    const [violation] = findViolations(policy, planned, [], true);
    expect(violation).toMatchObject({ rule: "protect", at: "protect[0]" });
    expect(toPlainText(violation?.sentence ?? [])).toMatch(
      /the resource needs prevent_destroy, but a plan does not show whether it is set\.$/,
    );
  });
});

describe("reason", () => {
  it("says that only resources of this package have one", () => {
    const { changes } = reviewSteps(createHub, { state: [] });
    const planned = changes.map((change) => ({ ...change, tool: "terraform" as const }));
    const [violation] = findViolations({ reason: [{}] }, planned, [], true);
    expect(toPlainText(violation?.sentence ?? [])).toContain(
      "sharing audit needs a reason; only resources of this package have one.",
    );
  });
});

describe("maxDestinations", () => {
  const more: StepTuple[] = [step.create(createSingle("more", "security", "logs"))];

  it("is reported with its name and its place in the file, and only by the rule that applies", () => {
    const policy: Policy = {
      maxDestinations: [
        { source: getId("search"), max: 0 },
        { source: "payments", max: 2 },
      ],
    };
    const { violations } = reviewSteps(more, { policy, state: [hub, search] });
    expect(violations).toMatchObject([
      { rule: "maxDestinations", at: "maxDestinations[1]", change: { resource: "more" } },
    ]);
  });

  it("says that other sources may count too only if the source alone has at most as many as allowed", () => {
    const other = createSingle("other", "security", "logs", {
      inputs: { ...hub.inputs, source: "other", sinkOrgId: getId("security") },
    });
    const steps: StepTuple[] = [step.create(other)];
    const [atLimit] = listSentences({ maxDestinations: [{ max: 1 }] }, steps);
    expect(atLimit).toContain(
      "with 1 destination, or 3 if other sources are the same organization; 1 is allowed (",
    );
    const [aboveLimit] = listSentences({ maxDestinations: [{ max: 0 }] }, steps);
    expect(aboveLimit).toBe("other (configured name) would share with 1 destination; 0 are allowed.");
  });
});
