import { expect, it } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { createEnv } from "../../live-env.js";
import { COMPUTED, createPlan, createPlanned } from "../../plans.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();

interface Report {
  changes: { before: { source: object; sink: object }; createdBy?: object }[];
  notes: string[];
}

it("for a plan, --lookup uses the credentials of all organizations in the environment", async () => {
  const id = sandbox().connect({ source: "payments", sink: "observability" });
  const before = {
    id,
    connection_types: ["logs"],
    source_org_id: sandbox().getOrganization("payments").id,
    sink_org_id: sandbox().getOrganization("observability").id,
  };
  const plan = createPlan([
    createPlanned(["delete", "create"], { before, after: before, change: { after_unknown: COMPUTED } }),
  ]);
  const { code, stdout } = await runCommand(["review", "--lookup", "--format", "json"], {
    stdin: JSON.stringify(plan),
    env: createEnv(sandbox(), ["payments"]),
  });
  const { changes, notes } = JSON.parse(stdout) as Report;
  expect([code, notes]).toEqual([4, []]);
  expect(changes).toMatchObject([
    { before: { source: { name: "Acme Payments" }, sink: { name: "Acme Observability" } } },
  ]);
  expect(new Set(sandbox().requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});
