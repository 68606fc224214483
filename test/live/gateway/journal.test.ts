import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Intent, openJournal } from "./journal.js";
import { useJournalFile } from "./use-gateway.js";

const getFile = useJournalFile();
const INTENT: Intent = {
  target: "https://api.datadoghq.com",
  sourceOrgId: "source",
  sinkOrgId: "sink",
  requestedSinkOrgId: "sink",
  notBefore: "2026-01-01T00:00:00.000Z",
};

/** What a process would read that starts now. */
const readAgain = () => openJournal(getFile()).listLeftovers();

describe("a journal has on disk what it has in memory", () => {
  test("after each step", () => {
    const journal = openJournal(getFile());
    expect(existsSync(getFile())).toBe(false);
    const intentId = journal.recordIntent(INTENT);
    expect(readAgain()).toEqual([{ ...INTENT, intentId }]);
    journal.recordCreated(intentId, "one");
    expect(readAgain()).toEqual([{ ...INTENT, intentId, connectionId: "one" }]);
    const second = journal.recordIntent(INTENT);
    journal.recordDeleted("one");
    expect(readAgain()).toEqual([{ ...INTENT, intentId: second }]);
    journal.recordNotCreated(second);
    expect(readAgain()).toEqual([]);
    journal.remove();
    expect(existsSync(getFile())).toBe(false);
  });
});

test("a journal with leftovers is not removed", () => {
  const journal = openJournal(getFile());
  journal.recordIntent(INTENT);
  expect(() => journal.remove()).toThrow("still names 1 leftover");
  expect(readAgain()).toHaveLength(1);
});

test.each([
  ["an empty file", ""],
  ["a truncated file", '{ "version": 1, "leftovers": [{ "inte'],
  ["another version", '{ "version": 2, "leftovers": [] }'],
  ["a leftover without an intent", '{ "version": 1, "leftovers": [{ "connectionId": "one" }] }'],
])("%s is an error, because it could name leftovers", (_, text) => {
  writeFileSync(getFile(), text);
  expect(() => openJournal(getFile())).toThrow("is not a journal of a live run");
});

test("a create is not sent if the journal cannot be written", () => {
  mkdirSync(getFile());
  expect(() => openJournal(getFile())).toThrow();
});
