import { describe, expect, it } from "vitest";
import { builtInSeed } from "../../sandbox/src/index.js";
import { useEngine, type CliRun } from "./stack.js";

const ID = "eeeeeeee-0001-4000-8000-000000000001";
const NAME = "Evil\n::warning::printed by a name\u001b[2J\u009b1m\u202e";
const USER = { id: "eeeeeeee-0002-4000-8000-000000000002", handle: "x", email: "x", name: NAME };
const [acme, ...others] = builtInSeed.accounts;
const engine = useEngine({
  seed: {
    accounts: [
      {
        name: "Acme",
        organizations: [
          ...(acme?.organizations ?? []).map((one) =>
            one.key === "payments" ? { ...one, user: USER } : one,
          ),
          { key: "evil", id: ID, name: NAME },
        ],
      },
      ...others,
    ],
  },
});

function expectPlainText({ output }: CliRun): void {
  // eslint-disable-next-line no-control-regex -- the forbidden characters
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(output.split("\n").filter((line) => line.trimStart().startsWith("::"))).toEqual([]);
}

describe("names of organizations and users with control characters", () => {
  const declare = (...more: string[]) =>
    `new OrgConnection("evil", { sinkOrgId: "${ID}", connectionTypes: ["logs"]${more.map((one) => `, ${one}`).join("")} });`;

  it("are printed as visible escapes, and start no new line", async () => {
    const id = engine.sandbox.connect({ source: "payments", sink: "evil" });
    const stack = engine.createStack(declare());
    const refused = await stack.preview();
    expect(refused.output).toContain("[pair-exists]");
    expect(refused.output).toContain("Evil\\u{a}::warning::printed by a name\\u{1b}[2J");
    stack.writeProgram(declare("adopt: true"));
    const adopted = await stack.preview();
    expect(adopted.output).toContain(id);
    const runs = [refused, adopted, await stack.expectUp()];
    engine.sandbox.disconnect(id);
    runs.push(await stack.refresh());
    for (const run of runs) expectPlainText(run);
    expect(JSON.stringify(await stack.loadState())).not.toContain("u001b");
  });

  it("are found by getOrganization with the unescaped name", async () => {
    const stack = engine.createStack(
      `const { id } = await getOrganization({ name: ${JSON.stringify(NAME)} });\nnew OrgConnection("evil", { sinkOrgId: id, connectionTypes: ["logs"] });`,
    );
    expectPlainText(await stack.expectUp());
    expect(engine.listLive()).toEqual(["payments → evil: logs"]);
  });
});
