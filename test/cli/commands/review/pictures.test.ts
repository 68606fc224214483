import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { ROOT } from "../../../tree.js";
import { usePages } from "../map/use-pages.js";
import { createCommentPage, MERMAID } from "./comment-page.js";
import { declareConnection } from "./programs.js";
import { expectGolden, reviewStack, saveState } from "./report.js";

/** Updates the picture of the pages: `PICTURES=1 npm test -- pictures`. */
const MAKE = process.env["PICTURES"] === "1";
const PICTURE = path.join(ROOT, "docs/review-comment.png");

/** A fixed time, so that a new picture has the same dates. */
const engine = useEngine({ now: () => new Date("2026-05-04T09:00:00Z") });
const pages = usePages();

const POLICY = {
  allow: [
    { sink: "Acme Observability", types: ["logs", "metrics"] },
    { sink: "Acme Security", types: ["audit"] },
  ],
  reason: [{ types: ["audit"], pattern: "^SEC-[0-9]+$" }],
};
const SOURCES = ["payments", "checkout", "search"];

/** Previews a realistic change of a stack with three sources, and reviews it with a policy. */
async function reviewChange() {
  const share = (source: string, name: string, sink: string, types: string, reason = "") =>
    declareConnection(
      `${source}-to-${name}`,
      engine.getOrgId(sink),
      types,
      `source: "${source}"${reason === "" ? "" : `, reason: "${reason}"`}`,
    );
  const unchanged = share("checkout", "hub", "observability", "logs, metrics");
  const stack = engine.createStack(
    share("payments", "hub", "observability", "logs, metrics", "SEC-17") +
      share("payments", "search", "search", "logs") +
      unchanged,
    { project: "org-connections" },
  );
  for (const source of SOURCES) {
    const { apiKey, appKey } = engine.sandbox.getOrganization(source);
    stack.env[`DD_API_KEY__${source.toUpperCase()}`] = apiKey;
    stack.env[`DD_APP_KEY__${source.toUpperCase()}`] = appKey;
  }
  await stack.expectUp();
  await saveState(stack);
  stack.writeFile("policy.json", JSON.stringify(POLICY));
  stack.writeProgram(
    share("payments", "hub", "observability", "audit, logs", "SEC-17") +
      share("payments", "security", "security", "audit", "SEC-42") +
      unchanged +
      share("search", "hub", "observability", "logs, metrics"),
  );
  return reviewStack(stack, { args: ["--state", "state.json", "--policy", "policy.json", "--lookup"] });
}

let reviewed: Awaited<ReturnType<typeof reviewChange>>;
beforeAll(async () => {
  reviewed = await reviewChange();
});

test("the report of the picture", async () => {
  expect(reviewed.code).toBe(5);
  await expectGolden(reviewed, "comment");
});

test.runIf(MAKE)("docs/review-comment.png is drawn", async () => {
  const page = await pages.open(createCommentPage(reviewed.stdout), {
    viewport: { width: 1040, height: 600 },
    deviceScaleFactor: 1.5,
  });
  await page.addScriptTag({ path: MERMAID });
  await page.evaluate("drawDiagrams()");
  writeFileSync(PICTURE, await page.locator("main").screenshot());
});

test("docs/review-comment.png is a PNG file of less than 400 kB", () => {
  expect(readFileSync(PICTURE).subarray(1, 4).toString()).toBe("PNG");
  expect(statSync(PICTURE).size).toBeLessThan(400_000);
});
