import { describe, expect, it } from "vitest";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { formatNotice } from "../../../core/src/connection/notices.js";
import { createSet, createSingle, formatReview, getId, reviewSteps, step, type StepTuple } from "./steps.js";

const PAIR = { sourceOrgId: getId("payments"), sinkOrgId: getId("hub") };
const createAdoption = (connectionId: string, connectionTypes: string[], more = {}) =>
  formatNotice("x", { kind: "adoption", connectionId, ...PAIR, connectionTypes, ...more });
const createGone = (connectionId: string) => formatNotice("x", { kind: "gone", connectionId });
const hub = createSingle("to-hub", "hub", "logs, metrics");
const createAdopting = (types = "audit, logs") =>
  createSingle("new", "hub", types, {
    inputs: { ...hub.inputs, connectionTypes: types.split(", "), adopt: true },
  });

/** Creates the result of a lookup that found only this connection. */
function createDirectory(id: string, types: string[], sink = "hub"): OrganizationDirectory {
  const directory = new OrganizationDirectory({ hasLookup: true });
  directory.addConnection({
    id,
    sourceOrgId: getId("payments"),
    sinkOrgId: getId(sink),
    connectionTypes: types,
  });
  directory.markListed(getId("payments"));
  return directory;
}

describe("an adoption that the preview reports", () => {
  it.each([
    [5, []],
    [6, ["The preview reports 1 more unconfirmed adoption."]],
    [7, ["The preview reports 2 more unconfirmed adoptions."]],
  ])("is noted up to five times: %i", (count, more) => {
    const notices = Array.from({ length: count }, (_, at) => createAdoption(`live-${at}`, ["audit"]));
    const { notes } = reviewSteps([step.create(createAdopting())], { notices });
    expect(notes.slice(5)).toEqual(more);
    expect(notes.slice(0, 5).join()).not.toContain("more unconfirmed adoption");
  });

  it("does not count without confirmation", () => {
    const { changes, outcome, notes } = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption("live", ["audit", "logs"])],
    });
    expect([outcome, changes[0]?.kind, changes[0]?.addedTypes]).toEqual([
      "changes",
      "create",
      ["audit", "logs"],
    ]);
    expect(notes).toEqual([expect.stringMatching(/connection live .*This is unconfirmed: use --lookup/)]);
  });

  it("that the lookup does not know has a note", () => {
    const { notes } = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption("live", ["logs"])],
      directory: new OrganizationDirectory({ hasLookup: true }),
    });
    expect(notes).toEqual([expect.stringMatching(/unconfirmed: the lookup does not confirm it\./)]);
  });

  it("may remove undeclared types, so the outcome is destructive", () => {
    const review = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption("live", ["metrics"])],
    });
    expect(formatReview(review)).toEqual(
      [
        "destructive",
        "Payments → hub starts sharing audit and logs; according to an unconfirmed notice in the preview, connection live will be adopted instead: it currently shares metrics and would stop sharing metrics — resource new.",
      ].map((text) => text.replace("Payments → hub", `payments (configured name) → ${getId("hub")}`)),
    );
    const secret = createSingle("new", "hub", "x", {
      inputs: { ...hub.inputs, adopt: true, connectionTypes: "[secret]" },
    });
    expect(reviewSteps([step.create(secret)], { notices: [createAdoption("live", ["logs"])] }).outcome).toBe(
      "destructive",
    );
  });

  it.each([
    ["of a connection of another pair", createDirectory("live", ["audit", "logs"], "search")],
    ["of another connection of this pair", createDirectory("other", ["audit", "logs"])],
  ])("%s is not confirmed", (_, directory) => {
    const { notes } = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption("live", [])],
      directory,
    });
    expect(notes).toHaveLength(1);
  });

  it("is confirmed by a lookup, whose types count", () => {
    const { changes, notes } = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption("live", ["audit", "logs"])],
      directory: createDirectory("live", ["logs"]),
    });
    expect(changes).toMatchObject([{ kind: "adopt", addedTypes: ["audit"] }]);
    expect(notes).toEqual([]);
  });

  it("is confirmed by the state, whose types count, even if only this run adopts", () => {
    const declared = createSingle("new", "hub", "audit, logs", {
      inputs: { ...hub.inputs, connectionTypes: ["audit", "logs"] },
    });
    const { changes, notes } = reviewSteps([step.create(declared), step.delete(hub)], {
      notices: [createAdoption("id-to-hub", ["audit", "logs"])],
    });
    expect(changes).toMatchObject([{ kind: "adopt", addedTypes: ["audit"], removedTypes: ["metrics"] }]);
    expect(notes).toEqual([]);
  });

  it.each([
    ["has no connection of the pair", "search"],
    ["has another connection of the pair", "hub"],
  ])("is not confirmed by the state if the list of the organization %s", (_, sink) => {
    const { changes, notes } = reviewSteps([step.create(createAdopting())], {
      notices: [createAdoption(hub.id, ["audit", "logs"])],
      directory: createDirectory("other", [], sink),
      state: [hub],
    });
    expect(changes.map(({ adoptionNotice }) => adoptionNotice?.connectionId)).toEqual(
      sink === "hub" ? [undefined] : [hub.id],
    );
    // The state has the connection, so the note must not say that it does not.
    expect(notes).toEqual([expect.stringMatching(/unconfirmed: the lookup does not confirm it\./)]);
  });

  it("has a note only for the first few", () => {
    const notices = Array.from({ length: 1000 }, (_, at) => createAdoption(`x${at}`, []));
    expect(reviewSteps([step.create(createAdopting())], { notices }).notes).toHaveLength(6);
  });
});

describe("an organization that the preview could not check", () => {
  const createNotChecked = (source?: string, more = {}) =>
    formatNotice("x", { kind: "not-checked", source, code: "timed-out", ...more });
  const create: StepTuple[] = [step.create(createSingle("new", "hub", "logs"))];

  it("has one note, and the outcome stays", () => {
    const notices = [
      createNotChecked("a`b"),
      createNotChecked("a`b", { code: "server-error" }),
      createNotChecked(),
    ];
    const { notes, outcome } = reviewSteps(create, { notices });
    const format = (name: string, code: string) =>
      `The preview could not check the connections of ${name} [${code}], so this report may lack problems and adoptions. Run the preview again.`;
    expect(notes).toEqual([
      format('organization "a`b"', "server-error"),
      format("the default organization", "timed-out"),
    ]);
    expect(outcome).toBe("changes");
  });

  it("is counted from the sixth on", () => {
    const notices = Array.from({ length: 1000 }, (_, at) => createNotChecked(`x${at}`));
    const { notes } = reviewSteps(create, { notices });
    expect([notes.length, notes[5]]).toEqual([6, "The preview could not check 995 more organizations."]);
  });
});

describe("a notice in brackets", () => {
  it.each(["kind=renamed id=id-to-hub", "kind=gone id=id+to+hub"])(
    "that this version cannot read has a note, and does not count: %s",
    (fields) => {
      const notices = [`x [org-connections ${fields}]`];
      const { unchanged, notes } = reviewSteps([step.refresh(hub, hub)], { notices, state: [hub] });
      expect([unchanged.length, notes]).toEqual([1, [expect.stringContaining("cannot read")]]);
    },
  );

  it("is recognized by the bracket alone, whatever the sentence before it says", () => {
    for (const sentence of ["", "The connection is gone. ", "Anything else: "]) {
      const { notes } = reviewSteps([step.refresh(hub, hub)], {
        notices: [`${sentence}[org-connections kind=gone id=id-to-hub]`],
        state: [hub],
      });
      expect(notes).toEqual([expect.stringMatching(/is gone\. This is unconfirmed/)]);
    }
  });
});

describe("a connection that the preview reports as gone", () => {
  const steps: Parameters<typeof reviewSteps>[0] = [step.refresh(hub, hub)];
  const review = (notices: string[], directory?: OrganizationDirectory) =>
    reviewSteps(steps, { notices, ...(directory && { directory }), state: [hub] });

  it("is unchanged without confirmation", () => {
    const { unchanged, notes } = review([createGone("id-to-hub")]);
    expect(unchanged).toHaveLength(1);
    expect(notes).toEqual([expect.stringMatching(/is gone\. This is unconfirmed: use --lookup/)]);
  });

  it("is gone if a lookup of its organization confirms it", () => {
    const { unchanged, notes } = review([createGone("ID-TO-HUB")], createDirectory("other", [], "search"));
    expect(unchanged).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/is gone: it was deleted outside this program/)]);
  });

  it("is unchanged if a lookup finds it", () => {
    const { unchanged, notes } = review([createGone("id-to-hub")], createDirectory("id-to-hub", ["logs"]));
    expect([unchanged.length, notes]).toEqual([1, []]);
  });

  it("may be a member of a set", () => {
    const all = createSet({ hub: "logs", search: "logs" });
    const { unchanged } = reviewSteps([step.refresh(all, all)], {
      notices: [createGone("id-member-hub")],
      directory: createDirectory("id-member-search", ["logs"], "search"),
    });
    expect(unchanged.map(({ sink }) => sink.name)).toEqual(["search"]);
  });

  it("does not hide a deletion", () => {
    expect(reviewSteps([step.delete(hub)], { notices: [createGone("id-to-hub")] }).outcome).toBe(
      "destructive",
    );
  });
});

describe("what any program can print", () => {
  const POLICY: Policy = {
    allow: [{ types: ["logs"] }, { sink: "Acme Observability", types: ["audit"] }],
  };

  it.each([
    ["an adoption notice", createAdoption("live", ["audit", "logs"])],
    [
      "the sentence of an adoption notice",
      `From the default organization (${PAIR.sourceOrgId}) to Acme Observability (${PAIR.sinkOrgId}): will adopt connection live (audit, logs), created by Ann on 2026-01-01, and leave its types as they are.`,
    ],
    [
      "a notice with a connection that is live between two other organizations",
      createAdoption("elsewhere", ["audit"]),
    ],
  ])("satisfies no rule, even with a lookup: %s", (_, printed) => {
    for (const directory of [undefined, createDirectory("elsewhere", ["audit"], "search")]) {
      const options = { notices: [printed], policy: POLICY, ...(directory && { directory }) };
      const { outcome, changes, warnings } = reviewSteps([step.create(createAdopting())], options);
      expect(outcome).toBe("violation");
      expect(changes).toMatchObject([{ kind: "create", addedTypes: ["audit", "logs"] }]);
      expect(warnings.map(({ code }) => code)).toContain("audit-shared");
    }
  });

  it("about connections that are gone hides neither deleted nor unchanged ones", () => {
    const search = createSingle("to-search", "search", "logs");
    const more = createSingle("more", "security", "logs");
    const notices = [hub, search].flatMap(({ id }) => [
      `The connection ${id} from A to B is gone; the next up creates it again.`,
      createGone(id),
    ]);
    const steps = [step.refresh(hub, hub), step.refresh(search, search), step.delete(hub), step.create(more)];
    const policy = { maxDestinations: [{ max: 1 }] };
    const result = reviewSteps(steps, { notices, policy, state: [hub, search] });
    expect(result.changes.map(({ kind }) => kind)).toEqual(["delete", "create"]);
    expect([result.outcome, result.unchanged.length]).toEqual(["violation", 1]);
    expect(result.notes.join()).toMatch(/is gone.*--lookup/s);
  });
});
