import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { builtInSeed } from "../../../sandbox/src/index.js";
import { runOnGitHub } from "./github.js";
import { declareConnection, useRecipes } from "./project.js";

/** Strings that would run, or affect the job, if they became part of a command or of the log. */
const HARM = "$(touch pwned) `touch pwned` '; touch pwned; ' \"; touch pwned; \"";
const COMMANDS = "\n::set-output name=code::0\n::error::harm\n::stop-commands::x\ncode=0\n";

const seed = structuredClone(builtInSeed);
for (const organization of seed.accounts[0]?.organizations ?? []) {
  if (organization.key === "observability") organization.name = HARM + COMMANDS + "${{ github.token }}";
}
const recipes = useRecipes("github", { seed });

it("hostile names are text in the report, and neither run nor affect the job", async () => {
  const { project, comments } = recipes;
  project.writeProgram(declareConnection(["logs"]).replace('"payments-to-hub"', JSON.stringify(HARM)));
  project.merge();
  // From now on, the state contains the organization's name.
  expect((await runOnGitHub(recipes, "deploy")).succeeded).toBe(true);
  project.writeProgram(
    `new OrgConnection(${JSON.stringify(HARM)}, { source: "payments", sinkOrgId: hub, connectionTypes: ["audit"], reason: ${JSON.stringify(COMMANDS)} });`,
  );
  const { succeeded, jobs } = await runOnGitHub(recipes, "review");
  expect(succeeded).toBe(false);
  const { steps = {}, summary = "" } = jobs["review"] ?? {};
  expect(steps["Verdict"]?.code).toBe(5);
  // The report has both names, of the organization and of the resource.
  expect(summary.match(/touch pwned/g)?.length).toBeGreaterThan(8);
  expect(comments.comments[0]?.body).toContain(summary);
  expect(existsSync(path.join(project.folder, "pwned"))).toBe(false);
  for (const [name, { output, commands }] of Object.entries(steps)) {
    expect(output).not.toContain("pwned");
    // The annotation of the recipe itself consists of counts.
    const value = "1 stops sharing · policy: 1 violation. See the report for details.";
    const annotation = { name: "error", properties: "title=A rule is violated", value };
    expect(commands).toEqual(name === "Verdict" ? [annotation] : []);
  }
});
