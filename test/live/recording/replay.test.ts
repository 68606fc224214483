import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseRecording } from "./recording.js";
import { Replacer } from "./replacer.js";
import { Bindings, replayRecording } from "./replay.js";

const FOLDER = path.join(import.meta.dirname, "../recordings");
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
const readText = (file: string) => readFileSync(path.join(FOLDER, file), "utf8");

test("there is a recording", () => expect(files).not.toEqual([]));

describe.each(files)("%s", (file) => {
  test("is what the sandbox does", async () => {
    const recording = parseRecording(readText(file), file);
    expect(recording.exchanges.length).toBeGreaterThan(0);
    expect(await replayRecording(recording)).toEqual([]);
  });

  test("is an error with one changed byte", () => {
    const text = readText(file);
    const places = Array.from({ length: 100 }, (_, at) => Math.floor((at * text.length) / 100));
    const accepted = places.filter((at) => {
      const changed = text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
      try {
        parseRecording(changed, file);
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual([]);
    expect(() => parseRecording(`${text} `, file)).toThrow("is not what was recorded");
  });
});

/** One of each part of an exchange that a recording shows. */
test.each([
  "list-status",
  "list-included-order",
  "connection-created-at",
  "json-content-type",
  "delete-missing-message",
] as const)("a recording shows that the sandbox deviates: %s", async (deviate) => {
  expect(
    await replayRecording(parseRecording(readText("sandbox.json"), "sandbox.json"), deviate),
  ).not.toEqual([]);
});

const ID = "4dee724d-00cc-11ea-a77b-570c9d03c6c5";
const FIRST_ID = "abcdefab-cdef-4000-8000-000000000001";

test.each([
  ["a UUID", ID, FIRST_ID],
  ["a UUID in upper case", ID.toUpperCase(), FIRST_ID.toUpperCase()],
  ["a date", "2025-08-26T20:19:36.177236+00:00", "2001-01-01T00:00:01.000000+00:00"],
  ["a date of another form", "2025-08-26T20:19:36.177Z", "2001-01-01T00:00:01.000Z"],
  ["an address", "jane@acme.example", "user-1@example.com"],
  ["a name", "Acme Payments", "Name 1"],
])("%s is replaced by one of the same form", (_, value, replacement) => {
  expect(new Replacer().replace(value)).toBe(replacement);
});

test("the same value has the same replacement, also in a message, and others have other ones", () => {
  const replacer = new Replacer();
  const [id, name] = [replacer.replace(ID), replacer.replace("Acme")];
  expect(replacer.replace(ID)).toBe(id);
  expect(replacer.replace("Acme 2")).not.toBe(name);
  expect(replacer.replaceAll(`Acme: ${ID.toUpperCase()} of jane@acme.example not found`)).toBe(
    `${name}: ${id.toUpperCase()} of user-1@example.com not found`,
  );
});

test("a generated value matches one replacement, and no value of another form", () => {
  const other = "83999dcd-7f97-11f0-8de1-1ecf66f1aa85";
  const bindings = new Bindings([]);
  expect(bindings.matches(FIRST_ID, ID.toUpperCase())).toBe(false);
  expect(bindings.matches(FIRST_ID, "not-a-uuid")).toBe(false);
  expect(bindings.matches(FIRST_ID, ID)).toBe(true);
  expect(bindings.matches(FIRST_ID, other)).toBe(false);
  expect(bindings.matches("abcdefab-cdef-4000-8000-000000000002", ID)).toBe(false);
  expect(bindings.matches(FIRST_ID.toUpperCase(), ID.toUpperCase())).toBe(true);
  expect(bindings.translateAll(`/connections/${FIRST_ID}`)).toBe(`/connections/${ID}`);
});
