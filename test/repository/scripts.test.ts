import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";

interface Manifest {
  scripts: Record<string, string>;
}
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;
const entries = Object.values(scripts).flatMap((line) => /^node (\S+\.mjs)/.exec(line)?.[1] ?? []);

/** The packages that loading a script loads, by its static imports and theirs. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?"([^"]+)"/gm)].flatMap(([, name = ""]) => {
    if (name.startsWith("node:")) return [];
    return name.startsWith(".")
      ? packagesOf(path.join(path.dirname(file), name), seen)
      : [`${file}: ${name}`];
  });
}

// What a script needs besides is loaded once `prepare` has installed it.
test.each([...new Set(entries)])(
  "%s starts in a clean clone: it loads no package before there are any",
  (entry) => {
    expect(packagesOf(entry)).toEqual([]);
  },
);

test("the scripts were found, and a package would be seen", () => {
  expect(entries.length).toBeGreaterThan(5);
  expect(packagesOf("bench/plot.mjs")).toEqual(["bench/plot.mjs: vega"]);
});
