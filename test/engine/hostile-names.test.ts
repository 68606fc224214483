import { describe, expect, it } from "vitest";
import { builtInSeed } from "../../sandbox/src/index.js";
import { useEngine, type Run } from "./stack.js";

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

function expectPlain({ output }: Run): void {
  // eslint-disable-next-line no-control-regex -- what must not be there
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(output.split("\n").filter((line) => line.trimStart().startsWith("::"))).toEqual([]);
}

describe("names of organizations and users that hold control characters", () => {
  const declare = (...more: string[]) =>
    `new OrgConnection("evil", { sinkOrgId: "${ID}", connectionTypes: ["logs"]${more.map((one) => `, ${one}`).join("")} });`;

  it("are printed as visible escapes by each operation, and start no line", async () => {
    const id = engine.sandbox.connect({ source: "payments", sink: "evil" });
    const stack = engine.stack(declare());
    const refused = await stack.preview();
    expect(refused.output).toContain("[pair-exists]");
    expect(refused.output).toContain("Evil\\u{a}::warning::printed by a name\\u{1b}[2J");
    stack.program(declare("adopt: true"));
    const adopted = await stack.preview();
    expect(adopted.output).toContain(id);
    const runs = [refused, adopted, await stack.mustUp()];
    engine.sandbox.disconnect(id);
    runs.push(await stack.refresh());
    for (const run of runs) expectPlain(run);
    expect(JSON.stringify(await stack.state())).not.toContain("u001b");
  });

  it("are found by getOrganization, by the name as it is", async () => {
    const stack = engine.stack(
      `const { id } = await getOrganization({ name: ${JSON.stringify(NAME)} });\nnew OrgConnection("evil", { sinkOrgId: id, connectionTypes: ["logs"] });`,
    );
    expectPlain(await stack.mustUp());
    expect(engine.live()).toEqual(["payments → evil: logs"]);
  });
});
