import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { builtInSeed } from "../../../sandbox/src/index.js";
import { runOnGitHub } from "./github.js";
import { share, useRecipes } from "./project.js";

/** What would run, or steer the job, if it ever became part of a command or stood in the log. */
const HARM = "$(touch pwned) `touch pwned` '; touch pwned; ' \"; touch pwned; \"";
const COMMANDS = "\n::set-output name=code::0\n::error::harm\n::stop-commands::x\ncode=0\n";

const seed = structuredClone(builtInSeed);
for (const organization of seed.accounts[0]?.organizations ?? []) {
  if (organization.key === "observability") organization.name = HARM + COMMANDS + "${{ github.token }}";
}
const recipes = useRecipes("github", { seed });

it("names that mean harm are text in the report, and neither run nor steer the job", async () => {
  const { project, comments } = recipes;
  project.program(share(["logs"]).replace('"payments-to-hub"', JSON.stringify(HARM)));
  project.merge();
  // The state holds the organization's name from then on.
  expect((await runOnGitHub(recipes, "deploy")).succeeded).toBe(true);
  project.program(
    `new OrgConnection(${JSON.stringify(HARM)}, { source: "payments", sinkOrgId: hub, connectionTypes: ["audit"], reason: ${JSON.stringify(COMMANDS)} });`,
  );
  const { succeeded, jobs } = await runOnGitHub(recipes, "review");
  expect(succeeded).toBe(false);
  const { steps = {}, summary = "" } = jobs["review"] ?? {};
  expect(steps["Verdict"]?.code).toBe(5);
  // Both names are told, that of the organization and that of the resource.
  expect(summary.match(/touch pwned/g)?.length).toBeGreaterThan(8);
  expect(comments.comments[0]?.body).toContain(summary);
  expect(existsSync(path.join(project.folder, "pwned"))).toBe(false);
  for (const { output, commands } of Object.values(steps)) {
    expect(output).not.toContain("pwned");
    expect(commands).toEqual([]);
  }
});
