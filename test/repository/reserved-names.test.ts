/** The names that users are told to install are those that CONTRIBUTING.md says to reserve. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { listPages, readSection } from "./pages.js";

const FAMILY =
  /(?<![\w/.@-])(?:pulumi-(?:resource-)?)?datadog[-_]org[-_]connections(?:-sandbox|-sdk)?(?![\w/.-])/g;

test("each name after an install command is reserved", () => {
  const reserved = readSection("CONTRIBUTING.md", "Release");
  const names = listPages().flatMap((page) =>
    [
      ...readFileSync(path.join(ROOT, page), "utf8").matchAll(
        /\b(?:npm (?:install|i)|npx|pip install|pulumi package add|pulumi plugin install resource) [^\n`]*/g,
      ),
    ].flatMap(([command]) => command.match(FAMILY) ?? []),
  );
  expect(names.length).toBeGreaterThan(5);
  for (const name of new Set(names)) expect(reserved).toContain(`\`${name}\``);
});
