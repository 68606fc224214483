import { describe, expect, it } from "vitest";
import { readManagedConnections } from "../../../cli/src/stack/managed.js";
import { readJsonFixture } from "../read-fixture.js";

const [team0, team1] = ["3e4dc9d0-3c21-48ec-9f60-851c1c441847", "8095a13d-db55-4c36-b417-9058cb82a706"];
const [hub, security] = ["7be638b3-29fd-47f9-a014-9856c479aeb7", "ca56f232-3f83-4707-8cbb-4734d83e28cc"];
const [user0, user1] = ["717a732d-cdbb-4d87-8b9d-d761289b2b2c", "f0265f37-c81b-4667-801c-fea54ed0723f"];
const fromTeam0 = { sourceOrgId: team0, sourceOrgName: "Source Org", createdBy: user0 };
const fromTeam1 = { sourceOrgId: team1, sourceOrgName: "Sink Org 0001", createdBy: user1 };
const toHub = { sinkOrgId: hub, sinkOrgName: "Sink Org 0004" };
const toSecurity = { sinkOrgId: security, sinkOrgName: "Sink Org 0005" };

/** What resources of other tools have in common: their provider decides which credentials are used. */
const common = {
  form: "single",
  isSourceUnknown: true,
  typesUnspecified: false,
  adopt: false,
  protect: false,
};

describe("a stack of @pulumi/datadog", () => {
  const name = "pulumi-datadog/state.json";
  const urn = (resource: string) =>
    `urn:pulumi:d::pd::datadog:index/orgConnection:OrgConnection::${resource}`;
  const provider = (team: string) => `urn:pulumi:d::pd::pulumi:providers:datadog::${team}`;
  const createExpected = (resource: string, more: object) => ({
    ...common,
    tool: "pulumi-datadog",
    location: "pd/d",
    address: urn(resource),
    name: resource,
    createdAt: "2026-11-26T02:17:02Z",
    ...more,
  });

  it("is read exactly", () => {
    expect(readManagedConnections(readJsonFixture(name), name)).toEqual({
      connections: [
        createExpected("other", {
          id: "4a7b405c-b5b0-45bc-9fb9-8931dfecb402",
          connectionTypes: ["logs"],
          provider: provider("team1"),
          ...fromTeam1,
          ...toHub,
        }),
        createExpected("hub", {
          id: "575940ca-4f8c-4e36-9eb0-c83f2af46333",
          connectionTypes: ["logs", "metrics"],
          provider: provider("team0"),
          ...fromTeam0,
          ...toHub,
        }),
        createExpected("security", {
          id: "5b115dea-50bd-4771-8766-4da9c710d996",
          connectionTypes: ["audit"],
          provider: provider("team0"),
          ...fromTeam0,
          ...toSecurity,
        }),
      ],
      unreadable: [],
    });
  });
});

describe("a state of OpenTofu", () => {
  const createExpected = (location: string, address: string, more: object) => ({
    ...common,
    tool: "terraform",
    location,
    address,
    name: address,
    createdAt: "2026-11-26T01:19:32Z",
    ...more,
  });
  const listExpected = (location: string, provider: (team: string) => string | undefined) => [
    createExpected(location, `datadog_org_connection.each["hub"]`, {
      id: "1a4decf2-d0d8-438e-9227-06418591ae3f",
      connectionTypes: ["logs"],
      provider: provider("team1"),
      ...fromTeam1,
      ...toHub,
    }),
    createExpected(location, `datadog_org_connection.each["security"]`, {
      id: "3ceab70e-533d-47e3-a190-a2e134947efb",
      connectionTypes: ["logs"],
      provider: provider("team1"),
      ...fromTeam1,
      ...toSecurity,
    }),
    createExpected(location, "datadog_org_connection.to_hub", {
      id: "15835b3a-da5d-4992-af21-6479c3218033",
      connectionTypes: ["logs", "metrics"],
      provider: provider("team0"),
      ...fromTeam0,
      ...toHub,
    }),
    createExpected(location, "datadog_org_connection.to_security", {
      id: "e5b4f5a2-0903-4132-bd91-acfda0a85461",
      connectionTypes: ["audit"],
      provider: provider("team0"),
      ...fromTeam0,
      ...toSecurity,
    }),
  ];

  it.each([
    [
      "state-pull.json",
      (team: string) => `provider["registry.example/datadog/datadog"].${team}`,
      "66048f8e-c893-4e0f-7126-4b371bb578b2",
    ],
    // `show -json` of a state shows neither the configuration of the provider nor the lineage.
    ["state-show.json", () => undefined, undefined],
  ])("%s is read exactly", (file, provider, lineage) => {
    const name = `opentofu/${file}`;
    expect(readManagedConnections(readJsonFixture(name), name)).toEqual({
      connections: listExpected(name, provider).map((one) => ({ ...one, lineage })),
      unreadable: [],
    });
  });
});

/** A state file with one resource. */
const createState = (resource: object, instances: object[]) => ({
  version: 4,
  terraform_version: "1.14.0",
  resources: [{ mode: "managed", type: "datadog_org_connection", name: "this", instances, ...resource }],
});
const attributes = {
  id: "c1",
  sink_org_id: hub,
  source_org_id: team0,
  connection_types: ["metrics", "logs"],
};
/** The output of `show -json` with one resource in a nested module. */
const createShow = (resource: object) => ({
  format_version: "1.0",
  terraform_version: "1.14.0",
  values: {
    root_module: {
      child_modules: [
        {
          address: "module.a",
          child_modules: [
            {
              address: `module.a.module.b["x"]`,
              resources: [
                {
                  address: `module.a.module.b["x"].datadog_org_connection.this[0]`,
                  mode: "managed",
                  type: "datadog_org_connection",
                  values: attributes,
                  sensitive_values: {},
                  ...resource,
                },
              ],
            },
          ],
        },
      ],
    },
  },
});
const listAddresses = (state: unknown) =>
  readManagedConnections(state, "x.tfstate").connections.map(({ address }) => address);

describe("the address of a resource of Terraform", () => {
  it.each([
    [{}, {}, "datadog_org_connection.this"],
    [{}, { index_key: 2 }, "datadog_org_connection.this[2]"],
    [{ module: `module.teams["a"]` }, {}, `module.teams["a"].datadog_org_connection.this`],
    [{}, { index_key: 'a "b" \\ c' }, String.raw`datadog_org_connection.this["a \"b\" \\ c"]`],
    [{}, { index_key: "${a}%{b}$c" }, 'datadog_org_connection.this["$${a}%%{b}$c"]'],
  ])("%j with %j is %s", (resource, instance, address) => {
    expect(listAddresses(createState(resource, [{ attributes, ...instance }]))).toEqual([address]);
  });

  it("in a nested module is that of `show -json`", () => {
    expect(listAddresses(createShow({}))).toEqual([`module.a.module.b["x"].datadog_org_connection.this[0]`]);
  });
});

describe("what a Terraform state manages", () => {
  const leaveOut = [
    ["data sources", { mode: "data" }],
    ["other resources", { type: "datadog_monitor" }],
  ] as const;
  it.each(leaveOut)("%s are left out", (_, resource) => {
    expect(listAddresses(createState(resource, [{ attributes }]))).toEqual([]);
    expect(listAddresses(createShow(resource))).toEqual([]);
  });

  it("an object that an interrupted replacement left behind is still to be deleted, so it is left out", () => {
    const instances = [{ attributes }, { attributes: { ...attributes, id: "c2" }, deposed: "0a1b" }];
    const { connections, unreadable } = readManagedConnections(createState({}, instances), "x");
    expect([connections.map(({ id }) => id), unreadable]).toEqual([["c1"], []]);
    expect(listAddresses(createShow({ deposed_key: "0a1b" }))).toEqual([]);
  });

  it("nothing is managed by an empty state", () => {
    expect(listAddresses({ format_version: "1.0" })).toEqual([]);
    expect(listAddresses({ format_version: "1.0", values: {} })).toEqual([]);
    expect(listAddresses({ version: 4, terraform_version: "1.14.0", resources: [] })).toEqual([]);
  });

  it("a sensitive value is not shown, and the connection keeps its id", () => {
    const path = [{ type: "get_attr", value: "connection_types" }, { type: "index" }];
    for (const state of [
      createState({}, [{ attributes, sensitive_attributes: [path] }]),
      createShow({ sensitive_values: { connection_types: [false, true] } }),
    ]) {
      const [connection] = readManagedConnections(state, "x").connections;
      expect(connection).toMatchObject({ id: "c1", sinkOrgId: hub, sourceOrgId: team0 });
      expect(connection?.connectionTypes).toBeUndefined();
    }
  });

  it.each([
    ["all values are sensitive", createShow({ sensitive_values: true })],
    ["the marks cannot be read", createShow({ sensitive_values: "x" })],
    ["a sensitive path cannot be read", createState({}, [{ attributes, sensitive_attributes: ["x"] }])],
    ["there is no id", createState({}, [{ attributes: { ...attributes, id: null } }])],
    ["there are no values", createShow({ values: null })],
  ])("a resource is named and not read if %s", (_, state) => {
    const { connections, unreadable } = readManagedConnections(state, "x");
    expect([connections, unreadable.length]).toEqual([[], 1]);
  });
});

describe("what is not a state that can be read is named", () => {
  it.each([
    [
      "another version of the state file",
      { version: 3, terraform_version: "0.11.0" },
      "has version 3 of the Terraform state format",
    ],
    [
      "a newer format",
      { format_version: "2.0", values: {} },
      /has format_version "2.0".* Install a newer version of this package\.$/,
    ],
    [
      "an old format",
      { format_version: "0.2", values: {} },
      /has format_version "0.2".* Create the input again with Terraform 1.1 or newer, or with OpenTofu\.$/,
    ],
    [
      "a plan",
      readJsonFixture("opentofu/plan-create.json"),
      "is a plan, not a state. Pass a plan to `review`",
    ],
    ["an encrypted state", { meta: {}, encrypted_data: "x", encryption_version: "v0" }, "`tofu show -json`"],
    [
      "a state file with other resources",
      { ...createState({}, []), resources: {} },
      "`resources` is missing or invalid",
    ],
    [
      "other values",
      { format_version: "1.0", values: { root_module: "x" } },
      "`values.root_module` is missing or invalid",
    ],
    ["an object", {}, "is not a state. Pass the complete output of `pulumi stack export`, `tofu show -json`"],
    ["a list", [], "is not a state"],
  ])("%s", (_, state, message) => {
    expect(() => readManagedConnections(state, "x.json")).toThrow(`x.json`);
    expect(() => readManagedConnections(state, "x.json")).toThrow(message);
  });
});
