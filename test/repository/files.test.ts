import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../tree.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** The two constants that mark a secret in a state of Pulumi. In two parts, because they have the format of a key. */
const SECRET_MARKS = [
  ["4dabf18193072939", "515e22adb298388d"].join(""),
  ["1b47061264138c4a", "c30d75fd1eb44270"].join(""),
];
const isSecretMark = (text: string): boolean => SECRET_MARKS.includes(text);
/** Matches a Datadog API key (32) or application key (40), and the commit of a pinned action. */
const KEY = /(?<![0-9a-z])([0-9a-f]{32}|[0-9a-f]{40})(?![0-9a-z])/gi;

const PINNED_ACTION = /\buses: [\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d/g;

describe("text with the format of a key", () => {
  test("is in no tracked or new file", () => {
    const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const found = list
      .split("\0")
      .filter((file) => file !== "")
      .flatMap((file) =>
        [...readIfPresent(file).replaceAll(PINNED_ACTION, "").matchAll(KEY)].flatMap(([key]) =>
          isSecretMark(key) ? [] : [`${file}: ${key.slice(0, 4)}…`],
        ),
      );
    expect(found).toEqual([]);
  });

  test("is detected", () => {
    const hex = "0123456789abcdef";
    for (const text of [`"${hex}${hex}"`, `KEY=${(hex + hex + hex).slice(0, 40).toUpperCase()}\n`]) {
      expect([...text.matchAll(KEY)]).toHaveLength(1);
    }
    expect([...`${hex}${hex}${hex}`.matchAll(KEY)]).toHaveLength(0);
  });
});

/** Git lists deleted files until the deletion is committed. */
function readIfPresent(file: string): string {
  try {
    return readText(file);
  } catch {
    return "";
  }
}

test("package-lock.json names no registry, so that an install uses the configured one", () => {
  const lock = readText("package-lock.json");
  expect(lock).toContain('"lockfileVersion"');
  expect(lock).not.toMatch(/"resolved": "http/);
});
