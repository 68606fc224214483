/** `discover --from` with a state whose last replacement was interrupted: it still has to delete the former connection. */
import { describe, expect, test } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { useFolder } from "../../folder.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = useFolder();

const getId = (key: string) => sandbox().getOrganization(key).id;
const connect = (sink: string) => sandbox().connect({ source: "payments", sink, connectionTypes: ["logs"] });

/** A connection from `payments`: its id, and its destination. */
interface Link {
  id: string;
  sink: string;
}

/** Creates the state file of Terraform after an interrupted replacement of `former` by `current`. */
function createTerraformState(current: Link, former: Link): object {
  const createInstance = ({ id, sink }: Link) => ({
    attributes: {
      id,
      source_org_id: getId("payments"),
      sink_org_id: getId(sink),
      connection_types: ["logs"],
    },
  });
  const instances = [createInstance(current), { ...createInstance(former), deposed: "0a1b2c3d" }];
  const resource = { mode: "managed", type: "datadog_org_connection", name: "hub", instances };
  return { version: 4, terraform_version: "1.14.0", resources: [resource] };
}

/** Creates the export of a stack with `@pulumi/datadog`, after the same. */
function createExport(current: Link, former: Link): object {
  const type = "datadog:index/orgConnection:OrgConnection";
  const createResource = ({ id, sink }: Link) => ({
    urn: `urn:pulumi:dev::acme::${type}::hub`,
    type,
    id,
    outputs: { sourceOrgId: getId("payments"), sinkOrgId: getId(sink), connectionTypes: ["logs"] },
  });
  const resources = [createResource(current), { ...createResource(former), delete: true }];
  return { version: 3, deployment: { resources } };
}

function runDiscover(state: object) {
  folder.write("state.json", state);
  const env = createEnv(sandbox(), ["payments"]);
  return runCommand(["discover", "--from", "state.json"], { env, cwd: folder.path });
}

describe.each([
  ["Terraform", createTerraformState, '"datadog_org_connection.hub"', "`tofu apply` or `terraform apply`"],
  ["@pulumi/datadog", createExport, '"hub"', "`pulumi up`"],
])("the state of %s", (_, createState, name, command) => {
  test("is refused if the former connection is live: once the resource has moved, nothing would delete it", async () => {
    const [former, current] = [connect("security"), connect("observability")];
    const { code, stdout, stderr } = await runDiscover(
      createState({ id: current, sink: "observability" }, { id: former.toUpperCase(), sink: "security" }),
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `According to state.json, a live connection is still to be deleted, because a replacement was interrupted: "${former.toUpperCase()}" (${name}).`,
    );
    expect(stderr).toContain(`First complete the replacement with ${command}`);
  });

  test("is accepted if the former connection is deleted already", async () => {
    const current = connect("observability");
    const { code, stdout } = await runDiscover(
      createState(
        { id: current, sink: "observability" },
        { id: "cccccccc-0009-4000-8000-000000000009", sink: "security" },
      ),
    );
    expect(code).toBe(0);
    expect(stdout).toContain(getId("observability"));
  });
});
