import { beforeEach, describe, expect, test } from "vitest";
import { OrganizationNames } from "../../../core/src/credentials/organization-names.js";
import { OperationLedger } from "../../../core/src/operation/ledger.js";

const SINK = "4dee724d-0000-4000-8000-000000000001";
const ID = "40bbb1c2-0000-4000-8000-000000000001";
const existing = { id: ID, connectionTypes: ["logs"], createdAt: "2026-03-01T12:00:00Z" };

let ledger: OperationLedger;
beforeEach(() => {
  ledger = new OperationLedger(new OrganizationNames(() => ({ config: () => undefined, env: {} })));
});
const fail = () => Promise.reject(new Error("failed"));
const succeed = () => Promise.resolve();

describe("an existing connection must be reported by the preview checks", () => {
  const mustReport = () => ledger.mustReportExisting("payments", SINK);

  test("unless the old inputs have its pair, or the pair has been checked", () => {
    expect(mustReport()).toBe(true);
    ledger.declareOldPair("payments", SINK);
    expect(mustReport()).toBe(false);
    ledger.declareCheckedPair("checkout", SINK, undefined);
    expect(ledger.mustReportExisting("checkout", SINK)).toBe(false);
  });

  test("after a new `source`, which may be another organization", () => {
    ledger.declareCheckedPair("payments", SINK, { source: "checkout" });
    expect([ledger.isDeclared("payments", SINK), mustReport()]).toEqual([true, true]);
    ledger.declareCheckedPair("payments", SINK, undefined);
    expect(mustReport()).toBe(false);
  });

  test("after a move to a provider of another organization, unless its adoption has been reported", () => {
    ledger.declareOldPair("payments", SINK);
    ledger.recordMove({ source: "checkout" }, "payments", [SINK]);
    expect(mustReport()).toBe(false);
    ledger.recordMove({ source: "payments" }, "payments", [SINK]);
    expect(mustReport()).toBe(true);
    ledger.declareOldPair("payments", SINK);
    ledger.expectAdoption("payments", SINK, existing);
    ledger.recordMove({ source: "payments" }, "payments", [SINK]);
    expect(mustReport()).toBe(false);
  });
});

describe("an existing connection that is not a member must be reported by the diff of a set", () => {
  const mustReport = (isUndeclared: boolean) =>
    ledger.mustReportExistingOfSet("payments", SINK, { isUndeclared });

  test("if check has left it to diff, and not in a refresh, which runs no check", () => {
    expect(mustReport(true)).toBe(false);
    ledger.declareNewPairOfSet("payments", SINK, { hasDiff: true });
    expect(mustReport(false)).toBe(true);
    ledger.expectAdoption("payments", SINK, existing);
    expect(mustReport(false)).toBe(false);
  });

  test("if the state has it as undeclared, until the changes start", () => {
    ledger.declareOldPair("payments", SINK);
    expect([mustReport(false), mustReport(true)]).toEqual([false, true]);
    ledger.startChanges();
    expect(mustReport(true)).toBe(false);
  });
});

describe("a connection is retained", () => {
  test("during and after its adoption, unless the adoption fails", async () => {
    const during = ledger.adopt(ID, succeed);
    expect(ledger.explainRetention(ID)).toContain("adopted it");
    await during;
    expect(ledger.explainRetention(ID)).toContain("adopted it");
  });

  test("after a failed adoption for its earlier reason only", async () => {
    await ledger.adopt(ID, fail).catch(() => undefined);
    expect(ledger.explainRetention(ID)).toBeUndefined();
    ledger.retain(ID, "payments", "a set");
    await ledger.adopt(ID, fail).catch(() => undefined);
    expect(ledger.explainRetention(ID)).toBe("a set of this program manages it");
  });

  describe("in the plugin, until its only resource is replaced", () => {
    beforeEach(() => {
      ledger.retain(ID, "payments", "another resource");
      ledger.recordDiff("first", [ID]);
    });
    const isReleased = () => {
      ledger.release("first", [ID]);
      return ledger.explainRetention(ID) === undefined;
    };

    test("which a check without old inputs shows", () => {
      expect(isReleased()).toBe(false);
      ledger.recordCheck("first", { sinkOrgId: SINK });
      expect(isReleased()).toBe(false);
      ledger.recordCheck("first", {});
      expect(isReleased()).toBe(true);
    });

    test("and longer if another resource manages it", () => {
      ledger.recordDiff("second", [ID]);
      ledger.recordCheck("first", {});
      expect(isReleased()).toBe(false);
    });

    test("and longer if it was adopted since", async () => {
      ledger.recordCheck("first", {});
      await ledger.adopt(ID, succeed);
      expect(isReleased()).toBe(false);
    });
  });
});

test("a connection counts as deleted during its deletion, and after it unless that failed", async () => {
  const during = ledger.delete(ID, fail);
  expect(ledger.isDeleted(ID)).toBe(true);
  await during.catch(() => undefined);
  expect(ledger.isDeleted(ID)).toBe(false);
  await ledger.delete(ID, succeed);
  expect(ledger.isDeleted(ID)).toBe(true);
});

test("a retained connection is claimed for its organization, whatever the case of its ID", () => {
  ledger.retain(ID.toUpperCase(), "payments", "another resource");
  expect(ledger.findClaimant(ID)).toBe('a resource of organization "payments"');
});

test("a probable move stays probable", () => {
  for (const move of ["none", "possible", "probable", "possible"] as const) ledger.recordProviderMove(move);
  expect(ledger.providerMove).toBe("probable");
});
