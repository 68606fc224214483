import { describe, expect, it } from "vitest";
import { Known } from "../../../cli/src/changes/known.js";
import { formatNotice } from "../../../core/src/connection/notices.js";
import { idOf, reviewSteps, set, single, told } from "./steps.js";

const PAIR = { sourceOrgId: idOf("payments"), sinkOrgId: idOf("hub") };
const adoption = (connectionId: string, connectionTypes: string[], more = {}) =>
  formatNotice("x", { kind: "adoption", connectionId, ...PAIR, connectionTypes, ...more });
const gone = (connectionId: string) => formatNotice("x", { kind: "gone", connectionId, ...PAIR });
const hub = single("to-hub", "hub", "logs, metrics");
const adopting = (types = "audit, logs") =>
  single("new", "hub", types, { inputs: { ...hub.inputs, connectionTypes: types.split(", "), adopt: true } });

/** What a look-up has found live: this connection, and nothing else. */
function lookedUp(id: string, types: string[], sink = "hub"): Known {
  const known = new Known(true);
  known.connection({ id, sourceOrgId: idOf("payments"), sinkOrgId: idOf(sink), connectionTypes: types });
  known.listing(idOf("payments"));
  return known;
}

describe("an adoption that the preview announces", () => {
  it("counts for nothing by itself", () => {
    const { changes, outcome, notes } = reviewSteps([["create", undefined, adopting()]], {
      says: [adoption("live", ["audit", "logs"])],
    });
    expect([outcome, changes[0]?.kind, changes[0]?.gained]).toEqual(["changes", "create", ["audit", "logs"]]);
    expect(notes).toEqual([expect.stringMatching(/connection live .*nothing confirms that: --lookup/)]);
  });

  it("of which the look-up knows nothing is said so", () => {
    const { notes } = reviewSteps([["create", undefined, adopting()]], {
      says: [adoption("live", ["logs"])],
      known: new Known(true),
    });
    expect(notes).toEqual([expect.stringMatching(/neither the state nor the look-up has it/)]);
  });

  it("may end what the program does not declare, so that is expected", () => {
    const review = reviewSteps([["create", undefined, adopting()]], {
      says: [adoption("live", ["metrics"])],
    });
    expect(told(review)).toEqual(
      [
        "destructive",
        "Payments → hub begins to share audit and logs, or takes over connection live, as the preview says and nothing confirms: that shares metrics, and would stop sharing metrics — resource new.",
      ].map((text) => text.replace("Payments → hub", `payments (configured name) → ${idOf("hub")}`)),
    );
    const secret = single("new", "hub", "x", {
      inputs: { ...hub.inputs, adopt: true, connectionTypes: "[secret]" },
    });
    expect(reviewSteps([["create", undefined, secret]], { says: [adoption("live", ["logs"])] }).outcome).toBe(
      "destructive",
    );
  });

  it.each([
    ["of a connection of another pair", lookedUp("live", ["audit", "logs"], "search")],
    ["of another connection of this pair", lookedUp("other", ["audit", "logs"])],
  ])("%s is not confirmed", (_, known) => {
    const { notes } = reviewSteps([["create", undefined, adopting()]], {
      says: [adoption("live", [])],
      known,
    });
    expect(notes).toHaveLength(1);
  });

  it("is confirmed by a look-up, which says what is shared", () => {
    const { changes, notes } = reviewSteps([["create", undefined, adopting()]], {
      says: [adoption("live", ["audit", "logs"])],
      known: lookedUp("live", ["logs"]),
    });
    expect(changes).toMatchObject([{ kind: "adopt", gained: ["audit"] }]);
    expect(notes).toEqual([]);
  });

  it("is confirmed by the state, which says what is shared; also where only this run adopts", () => {
    const asked = single("new", "hub", "audit, logs", {
      inputs: { ...hub.inputs, connectionTypes: ["audit", "logs"] },
    });
    const { changes, notes } = reviewSteps(
      [
        ["create", undefined, asked],
        ["delete", hub],
      ],
      {
        says: [adoption("id-to-hub", ["audit", "logs"])],
      },
    );
    expect(changes).toMatchObject([{ kind: "adopt", gained: ["audit"], lost: ["metrics"] }]);
    expect(notes).toEqual([]);
  });

  it("a thousand of them are a few notes", () => {
    const says = Array.from({ length: 1000 }, (_, at) => adoption(`x${at}`, []));
    expect(reviewSteps([["create", undefined, adopting()]], { says }).notes).toHaveLength(6);
  });
});

describe("a notice that this version cannot read", () => {
  const notice = (json: object) => `x #org-connections:notice# ${JSON.stringify(json)}`;
  const fields = { kind: "gone", connectionId: "id-to-hub", ...PAIR };

  it.each([
    ["of a kind that it does not know", notice({ version: 1, ...fields, kind: "renamed" }), "cannot be read"],
    ["of another form", notice({ version: 1, ...fields, connectionId: ["id-to-hub"] }), "cannot be read"],
    ["of a later version", notice({ version: 2, ...fields }), "newer version of this package"],
  ])("%s is noted, and counts for nothing", (_, said, note) => {
    const { stays, notes } = reviewSteps([["refresh", hub, hub]], { says: [said], state: [hub] });
    expect([stays.length, notes]).toEqual([1, [expect.stringContaining(note)]]);
  });

  it("of this version is told from the sentence before it by its marker alone", () => {
    const marker = notice({ version: 1, ...fields });
    for (const sentence of ["", "The connection is gone. ", "Anything else: "]) {
      const { notes } = reviewSteps([["refresh", hub, hub]], { says: [sentence + marker], state: [hub] });
      expect(notes).toEqual([expect.stringMatching(/is gone, and nothing confirms that/)]);
    }
  });
});

describe("that a connection is gone", () => {
  const steps: Parameters<typeof reviewSteps>[0] = [["refresh", hub, hub]];
  const review = (says: string[], known?: Known) =>
    reviewSteps(steps, { says, ...(known && { known }), state: [hub] });

  it("counts for nothing by itself: it stays", () => {
    const { stays, notes } = review([gone("id-to-hub")]);
    expect(stays).toHaveLength(1);
    expect(notes).toEqual([expect.stringMatching(/is gone, and nothing confirms that: --lookup/)]);
  });

  it("is confirmed by a look-up of its organization", () => {
    const { stays, notes } = review([gone("ID-TO-HUB")], lookedUp("other", [], "search"));
    expect(stays).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/is gone: somebody ended it/)]);
  });

  it("is refuted by a look-up", () => {
    const { stays, notes } = review([gone("id-to-hub")], lookedUp("id-to-hub", ["logs"]));
    expect([stays.length, notes]).toEqual([1, []]);
  });

  it("is told of a member of a set", () => {
    const all = set({ hub: "logs", search: "logs" });
    const { stays } = reviewSteps([["refresh", all, all]], {
      says: [gone("id-member-hub")],
      known: lookedUp("id-member-search", ["logs"], "search"),
    });
    expect(stays.map(({ sink }) => sink.name)).toEqual(["search"]);
  });

  it("never hides what ends", () => {
    expect(reviewSteps([["delete", hub]], { says: [gone("id-to-hub")] }).outcome).toBe("destructive");
  });
});
