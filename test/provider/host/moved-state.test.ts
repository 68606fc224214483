/** A state of another provider, which has no provider line: an alias moves the connection, and a refresh needs the line. */
import { expect, test } from "vitest";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE } from "../../../core/src/host/provider-lines.js";
import { countWrites, createOperation, useSandbox } from "../../core/connection/operation.js";

const sandbox = useSandbox();
const createContext = () => ({ ...createOperation(sandbox()), configure: () => Promise.resolve() });
const getOrgId = (key: string) => sandbox().getOrganization(key).id;

/** Creates a connection, and the outputs that `@pulumi/datadog` 5.8.0 stores for it. */
function createOfficialState(change: object = {}) {
  const id = sandbox().connect({
    source: "payments",
    sink: "observability",
    connectionTypes: ["logs", "metrics"],
  });
  const outputs = {
    __pulumi_raw_state_delta: { obj: { ps: { connectionTypes: { arr: {} } } } },
    connectionTypes: ["logs", "metrics"],
    createdAt: "2026-11-26T02:17:02Z",
    createdBy: "717a732d-cdbb-4d87-8b9d-d761289b2b2c",
    id,
    sinkOrgId: getOrgId("observability"),
    sinkOrgName: "Acme Observability",
    sourceOrgId: getOrgId("payments"),
    sourceOrgName: "Acme Payments",
    ...change,
  };
  return { id, outputs };
}

const createInputs = (source?: string) => ({
  ...(source !== undefined && { source }),
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
  __provider: INPUT_PROVIDER_LINE,
});

test.each<[string, () => object]>([
  ["with the same values", () => ({})],
  ["with types in another order and case", () => ({ connectionTypes: ["Metrics", "logs"] })],
  ["with the destination in another case", () => ({ sinkOrgId: getOrgId("observability").toUpperCase() })],
])("%s is updated without a write, and then has the line and no changes", async (_, change) => {
  const { id, outputs } = createOfficialState(change());
  const host = createSingleHost(createContext());
  const inputs = createInputs("payments");
  expect(await host.diff(id, outputs, inputs)).toEqual({ changes: true });
  const { outs } = (await host.update(id, outputs, inputs)) as { outs: object };
  expect(outs).toMatchObject({
    __provider: OUTPUT_PROVIDER_LINE,
    source: "payments",
    sinkOrgId: getOrgId("observability"),
    connectionTypes: ["logs", "metrics"],
    sourceOrgId: getOrgId("payments"),
  });
  expect(await host.diff(id, outs, inputs)).toEqual({ changes: false });
  expect(countWrites(sandbox())).toBe(0);
});

test("with the credentials of another organization is refused, with the default ones too", async () => {
  const { id, outputs } = createOfficialState();
  const host = createSingleHost(createContext());
  await expect(host.diff(id, outputs, createInputs("checkout"))).rejects.toThrow(
    new RegExp(
      `connection ${id} from Acme Payments to Acme Observability cannot move to this resource: organization "checkout" is ` +
        `not organization ${getOrgId("payments")}, the source of the connection.*Set \`source\`.*\\[wrong-organization\\]`,
      "s",
    ),
  );
  const context = createContext();
  const other = createSingleHost({ ...context, getSession: () => context.getSession("checkout") });
  await expect(other.diff(id, outputs, createInputs())).rejects.toThrow("[wrong-organization]");
  expect(sandbox().listConnections()).toHaveLength(1);
});

test("of a set without a line is updated", async () => {
  const host = createSetHost(createContext());
  const inputs = { source: "payments", connections: { [getOrgId("observability")]: ["logs"] } };
  const { outs } = (await host.create(inputs)) as { outs: object };
  const withoutLine = Object.fromEntries(Object.entries(outs).filter(([name]) => name !== "__provider"));
  expect(await host.diff(getOrgId("payments"), outs, inputs)).toEqual({ changes: false });
  expect(await host.diff(getOrgId("payments"), withoutLine, inputs)).toEqual({ changes: true });
});
