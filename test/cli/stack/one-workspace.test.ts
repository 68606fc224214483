/** The state file and `tofu show -json` of one workspace, passed together: one resource, which the files do not prove. */
import { describe, expect, it, test } from "vitest";
import { joinManaged, readManagedConnections, reportMultipleOwners } from "../../../cli/src/stack/managed.js";
import { formatRemark } from "../../../cli/src/shared/text.js";
import { readJsonFixture } from "../read-fixture.js";
import { listWarnings, reviewInputs } from "../review-inputs.js";

const PULLED = readJsonFixture("opentofu/state-pull.json") as { lineage: string; resources: object[] };
const SHOWN = readJsonFixture("opentofu/state-show.json");
const MOVED = readJsonFixture("pulumi-datadog/state.json");
const PREVIEW = readJsonFixture("pulumi-datadog/preview-no-change.json");

const describeOwners = (files: Record<string, unknown>) =>
  reportMultipleOwners(
    joinManaged(Object.entries(files).map(([name, state]) => readManagedConnections(state, name)))
      .connections,
  ).map(formatRemark);
const POSSIBLY = [
  'POSSIBLY MANAGED TWICE: a, b: 4 resources (such as datadog_org_connection.each["hub"]) are in each of these files. Each has the same ' +
    "address and the same connection in all of them. If these files are of one workspace, pass only one of them. If they are of " +
    "different workspaces and one workspace deletes a connection, the connection is deleted for all of them.",
];
const CERTAIN = expect.stringMatching(/^MANAGED TWICE: [\w-]+: a: datadog_org_connection\./) as string;

describe("inventory and map", () => {
  test.each<[string, unknown, unknown]>([
    ["the state file and the shown state", PULLED, SHOWN],
    ["two shown states", SHOWN, SHOWN],
    ["two state files with one lineage, such as a backup", PULLED, { ...PULLED, serial: 9 }],
  ])("%s: possibly two owners, in one line for all resources", (_, a, b) => {
    expect(describeOwners({ a, b })).toEqual(POSSIBLY);
  });

  it("two state files with different lineages are of two workspaces: each connection has two owners", () => {
    const other = { ...PULLED, lineage: "another" };
    expect(describeOwners({ a: PULLED, b: other })).toEqual([CERTAIN, CERTAIN, CERTAIN, CERTAIN]);
    // A third file does not change that.
    expect(describeOwners({ a: PULLED, b: other, c: SHOWN })).toHaveLength(4);
  });

  it("other addresses are other resources", () => {
    const text = JSON.stringify(SHOWN).replaceAll(
      "datadog_org_connection.",
      "module.old.datadog_org_connection.",
    );
    expect(describeOwners({ a: PULLED, b: JSON.parse(text) as unknown })).toEqual([
      CERTAIN,
      CERTAIN,
      CERTAIN,
      CERTAIN,
    ]);
  });

  it("one file has no second owner", () => {
    expect(describeOwners({ a: PULLED })).toEqual([]);
  });
});

describe("review", () => {
  const review = (state: Record<string, unknown>) =>
    listWarnings(
      reviewInputs({ "preview.json": PREVIEW }, { state: { "stack.json": MOVED, ...state } }),
      "multiple-owners",
    );

  it("says what it does not know, for each connection", () => {
    const warnings = review({ "terraform.tfstate": PULLED, "show.json": SHOWN });
    expect(warnings).toHaveLength(4);
    for (const warning of warnings)
      expect(warning).toMatch(
        /^show\.json and terraform\.tfstate have datadog_org_connection\.\S+ with connection \S+ \(.* → .*\)\. If these files are of one workspace, pass only one of them\. If they are of different workspaces and one workspace deletes a connection, the connection is deleted for all of them\.$/,
      );
  });

  it("reports the owners in two workspaces as such", () => {
    const [warning, ...others] = review({
      "a.tfstate": PULLED,
      "b.tfstate": { ...PULLED, lineage: "another" },
    });
    expect(others).toHaveLength(3);
    expect(warning).toMatch(/ both manage connection .* Keep one of them\./);
  });
});
