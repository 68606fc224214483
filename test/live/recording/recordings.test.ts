import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseRecording } from "./recording.js";
import { replayRecording } from "./replay.js";

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
