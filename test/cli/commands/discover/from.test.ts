/** `discover --from`: only the connections of a state of another tool, with the names that they have there. */
import { describe, expect, test } from "vitest";
import { getFormerName } from "../../../../cli/src/commands/discover/group-connections.js";
import { formatImportFile } from "../../../../cli/src/commands/discover/import-file.js";
import { formatNextSteps } from "../../../../cli/src/commands/discover/next-steps.js";
import { createDraft, type DraftInputs } from "../../../../cli/src/commands/discover/draft.js";
import { formatProgram } from "../../../../cli/src/commands/discover/program.js";
import type { LiveConnection } from "../../../../cli/src/live/read-live.js";
import type { ManagedConnection } from "../../../../cli/src/stack/managed.js";
import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import type { Tool } from "../../../../cli/src/stack/resources.js";
import {
  createConnection,
  createOrganization,
  createDraftInputs,
  createUuid,
  runProgram,
} from "./draft-inputs.js";

const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";

/** Creates the resource of a connection in a state. */
const createOwner = (
  { id, source, sink }: LiveConnection,
  address: string,
  tool: Tool = address.startsWith("urn:") ? "pulumi-datadog" : "terraform",
): ManagedConnection => ({
  tool,
  form: "single",
  location: tool === "terraform" ? "terraform.tfstate" : "acme/dev",
  address,
  name: address.split("::").at(-1) ?? "",
  id,
  sourceOrgId: source?.id,
  sinkOrgId: sink?.id,
  typesUnspecified: false,
  adopt: false,
  protect: false,
});

const createUrn = (name: string, parents = "") => `urn:pulumi:dev::acme::${parents}${OFFICIAL_TYPE}::${name}`;

/** Creates the draft of organization 1, with these live connections and resources of the state. */
const createInputs = (
  live: LiveConnection[],
  owners: ManagedConnection[],
  managed: ManagedConnection[] = [],
) => ({
  ...createDraftInputs([createOrganization(1)], live, managed),
  from: { name: "the-state.json", connections: owners, unreadable: [], pendingDeletions: [] },
});
const listNames = (inputs: DraftInputs) =>
  createDraft(inputs, "single").sources.flatMap(({ entries }) => entries.map(({ resource }) => resource));

test.each([
  ["datadog_org_connection.to_hub", "to_hub"],
  ['datadog_org_connection.each["hub"]', "each-hub"],
  ["datadog_org_connection.each[3]", "each-3"],
  [
    'module.teams["a b/c"].module.links.datadog_org_connection.this["eu::prod"]',
    "teams-a-b-c-links-this-eu-prod",
  ],
  ['datadog_org_connection.each["a].module.b[\\"c\\".d"]', "each-a-.module.b-c-.d"],
  ['datadog_org_connection.each["日本 ${x}"]', "each-日本-x"],
  [`datadog_org_connection.each["${"k".repeat(200)}"]`, `each-${"k".repeat(60)}`],
  ['datadog_org_connection.each["///"]', "each"],
  ["", "connection"],
])("the name of %s is %s", (address, name) => {
  expect(getFormerName({ tool: "terraform", form: "single", location: "", address, name: address })).toBe(
    name,
  );
});

describe("the draft", () => {
  test("has the connections of the state with their names, and reports the others", () => {
    const [hub, other] = [createConnection(1, 2), createConnection(1, 3)];
    const inputs = createInputs([hub, other], [createOwner(hub, "datadog_org_connection.to_hub")]);
    expect(listNames(inputs)).toEqual(["to_hub"]);
    const { remarks, complete } = createDraft(inputs, "single");
    expect(remarks).toEqual([
      "Not included: 1 connection that the-state.json does not manage. To include it, run this command without --from.",
    ]);
    expect(complete).toBe(true);
  });

  test("adds the ID to a name that is not unique, or that another resource has", () => {
    const [a, b] = [createConnection(1, 2), createConnection(1, 3)];
    const owners = [
      createOwner(a, 'datadog_org_connection.each["a b"]'),
      createOwner(b, 'datadog_org_connection.each["a/b"]'),
    ];
    expect(listNames(createInputs([a, b], owners))).toEqual(["each-a-b", `each-a-b-${b.id}`]);
    // It would set the prototype of the object with the connections.
    const proto = createInputs([a], [createOwner(a, "datadog_org_connection.__proto__")]);
    expect(listNames(proto)).toEqual([`__proto__-${a.id}`]);
    const own = createOwner(b, `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`, "datadog-org-connections");
    const official = createOwner(a, createUrn("hub"));
    const inputs = createInputs([a, b], [official, own]);
    expect(listNames(inputs)).toEqual([`hub-${a.id}`]);
    const unreadable = { ...inputs, from: { ...inputs.from, connections: [official], unreadable: [own] } };
    expect(listNames(unreadable)).toEqual([`hub-${a.id}`]);
  });

  test("omits a connection that is gone, names the one of the same pair, and trusts only the list", () => {
    const gone = createConnection(1, 2);
    const recreated = { ...gone, id: createUuid(9, "dddddddd") };
    const inputs = createInputs([recreated], [createOwner(gone, "datadog_org_connection.x")]);
    expect(listNames(inputs)).toEqual([]);
    expect(createDraft(inputs, "single").remarks).toContain(
      `Not included: 1 connection of the-state.json that Datadog does not list, so it is gone: "datadog_org_connection.x" ("${gone.id}"), recreated as "${recreated.id}". Remove its resource from that state.`,
    );
  });

  test("is incomplete if no organization of a connection was read", () => {
    const inputs = createInputs([], [createOwner(createConnection(7, 8), "datadog_org_connection.x")]);
    const { remarks, complete } = createDraft(inputs, "single");
    expect(complete).toBe(false);
    expect(remarks.join()).toMatch(
      /NOT VERIFIED: 1 connection of the-state\.json: .*\. The organizations of this connection were not checked, or that state does not show these organizations\./,
    );
  });

  test("omits a connection that two resources of the state manage", () => {
    const live = createConnection(1, 2);
    const owners = ["x", "y"].map((name) => createOwner(live, `datadog_org_connection.${name}`));
    const inputs = createInputs([live], owners);
    expect(listNames(inputs)).toEqual([]);
    expect(createDraft(inputs, "single").remarks.join()).toMatch(
      /that several resources of the-state\.json manage: .*\.x" .* and .*\.y"/,
    );
  });

  test("omits what this package manages already, in the state or in a stack", () => {
    const live = createConnection(1, 2);
    const own = createOwner(live, `urn:pulumi:dev::acme::${SINGLE_TYPE}::hub`, "datadog-org-connections");
    expect(listNames(createInputs([live], [own]))).toEqual([]);
    const official = createOwner(live, createUrn("hub"));
    expect(listNames(createInputs([live], [official], [official, own]))).toEqual([]);
    // The stack whose state moves also has the official resource.
    expect(listNames(createInputs([live], [official], [official]))).toEqual(["hub"]);
  });

  test("has live types, not those of the state", () => {
    const live = createConnection(1, 2, { connectionTypes: ["audit"] });
    const owner = { ...createOwner(live, "datadog_org_connection.x"), connectionTypes: ["logs"] };
    const [row] = (
      JSON.parse(formatImportFile(createDraft(createInputs([live], [owner]), "single"))) as {
        resources: { inputs: object; outputs: object }[];
      }
    ).resources;
    expect([row?.inputs, row?.outputs]).toMatchObject([
      { connectionTypes: ["audit"] },
      { connectionTypes: ["audit"] },
    ]);
  });
});

describe("of @pulumi/datadog", () => {
  const live = [createConnection(1, 2), createConnection(1, 3), createConnection(1, 4)];
  const [a, b, c] = live as [LiveConnection, LiveConnection, LiveConnection];
  const owners = [
    createOwner(a, createUrn("hub")),
    createOwner(b, createUrn("child", "acme:index:Team$")),
    createOwner(c, createUrn("hub", "acme:index:Team$")),
  ];

  test("has aliases and no adopt: with a wrong alias, the preview fails instead of a deletion", () => {
    const simple = createDraft(createInputs([a], owners.slice(0, 1)), "single");
    expect(runProgram(formatProgram(simple, "2026-11-26"))).toEqual([
      {
        kind: "single",
        name: "hub",
        args: { source: "org-1", sinkOrgId: createUuid(2), connectionTypes: ["logs"] },
        options: { aliases: [{ type: OFFICIAL_TYPE }], protect: true },
      },
    ]);
    expect(formatImportFile(simple)).not.toContain("adopt");
  });

  test("names the former URN of a resource with a parent, or with a new name", () => {
    const program = formatProgram(createDraft(createInputs(live, owners), "single"), "2026-11-26");
    expect(runProgram(program).map(({ name, options }) => [name, options])).toEqual([
      ["child", { aliases: [owners[1]?.address], protect: true }],
      ["hub", { aliases: [{ type: OFFICIAL_TYPE }], protect: true }],
      [`hub-${c.id}`, { aliases: [owners[2]?.address], protect: true }],
    ]);
  });

  test("names no URN of a resource whose name is a property of each object", () => {
    const named = [
      createOwner(a, createUrn("constructor")),
      createOwner(b, createUrn("child", "acme:index:Team$")),
    ];
    const program = formatProgram(createDraft(createInputs([a, b], named), "single"), "2026-11-26");
    expect(runProgram(program)).toContainEqual(
      expect.objectContaining({
        name: "constructor",
        options: { aliases: [{ type: OFFICIAL_TYPE }], protect: true },
      }),
    );
  });

  test("cannot become a set, which has only one alias", () => {
    expect(() => createDraft(createInputs(live, owners), "set")).toThrow(
      /the-state\.json contains .* Omit --form set/,
    );
  });

  test("the last step of an import removes the resources from the former stack", () => {
    const steps = formatNextSteps(createDraft(createInputs([a], owners.slice(0, 1)), "single"), {
      format: "import",
    });
    expect(steps.at(-1)).toContain(`pulumi state delete --stack 'dev' '${createUrn("hub")}'`);
    expect(steps.at(-1)).toMatch(/remove the declarations of these connections from its program\. The next/);
  });

  test.each([
    [
      "import",
      -1,
      /The next preview of that stack must delete nothing except providers of @pulumi\/datadog\.$/,
    ],
    [
      "program",
      1,
      /^1\. In one change, add this file .* remove the @pulumi\/datadog declarations of these connections, but/,
    ],
  ] as const)("%s: the declarations of connections that do not move have to stay", (format, at, text) => {
    // This package already manages the third one, so nothing has to stay for it.
    const own = createOwner(c, `urn:pulumi:dev::acme::${SINGLE_TYPE}::c`, "datadog-org-connections");
    const unchecked = createOwner(createConnection(7, 8), createUrn("other", "acme:index:Team$"));
    const inputs = createInputs(live, [...owners.slice(0, 2), unchecked, own]);
    const step = formatNextSteps(createDraft(inputs, "single"), { format }).at(at);
    expect(step).toContain(
      `, but not those of 1 other resource that does not move: '${unchecked.address}'. A loop or component that also`,
    );
    expect(step).toMatch(text);
  });
});

test("the last step for Terraform quotes the addresses for a shell, and names each resource once", () => {
  const [a, b] = [createConnection(1, 2), createConnection(1, 3)];
  const owners = [
    createOwner(a, `module.x["it's"].datadog_org_connection.each["a"]`),
    createOwner(b, `module.x["it's"].datadog_org_connection.each["b"]`),
  ];
  const steps = formatNextSteps(createDraft(createInputs([a, b], owners), "single"), { format: "program" });
  expect(steps.at(-1)).toMatch(/^4\. Only then/);
  expect(steps.at(-1)).toContain(
    `tofu state rm 'module.x["it'\\''s"].datadog_org_connection.each["a"]' 'module.x["it'\\''s"].datadog_org_connection.each["b"]' (`,
  );
  expect(steps.at(-1)).toMatch(/destroy = false \}, for module\.x\.datadog_org_connection\.each\.$/);
});

describe("the last step for Terraform, if its state still manages other connections", () => {
  const [a, b] = [createConnection(1, 2), createConnection(1, 3)];
  const getLastStep = (inputs: DraftInputs) =>
    formatNextSteps(createDraft(inputs, "single"), { format: "program" }).at(-1);
  const moved = createOwner(a, 'module.x.datadog_org_connection.each["a"]');

  test.each([
    ["another key", 'module.x.datadog_org_connection.each["b"]'],
    ["another call of its module", 'module.y.datadog_org_connection.each["a"]'],
  ])("of the same block, by %s: the block stays, and no `removed` block is offered", (_, address) => {
    const remaining = createOwner(b, address);
    const step = getLastStep({
      ...createInputs([a, b], [moved, remaining]),
      managed: { connections: [{ ...remaining, location: "acme/prod" }], unreadable: [] },
    });
    expect(step).toMatch(/: tofu state rm 'module\.x\.datadog_org_connection\.each\["a"\]' \(/);
    expect(step).toContain(
      `remove their declarations, but not those of 1 other resource that does not move: '${address}'. A resource block`,
    );
    expect(step).not.toMatch(/`removed`|delete their resource blocks/);
    expect(step).toMatch(/The next plan must destroy nothing\.$/);
  });

  test("of another block: the `removed` block of the moved connection is offered", () => {
    const step = getLastStep(
      createInputs([a], [moved, createOwner(createConnection(7, 8), "datadog_org_connection.other")]),
    );
    expect(step).toContain("1 other resource that does not move: 'datadog_org_connection.other'.");
    expect(step).toContain("destroy = false }, for module.x.datadog_org_connection.each. The next plan");
  });

  test("of one that is gone: it is not counted", () => {
    const step = getLastStep(createInputs([a], [moved, createOwner(b, "datadog_org_connection.gone")]));
    expect(step).toMatch(/delete their resource blocks\. .* for module\.x\.datadog_org_connection\.each\.$/);
  });

  test("that cannot be read: it may be of any block", () => {
    const unreadable = { ...moved, name: "datadog_org_connection.x", address: "" };
    const inputs = createInputs([a], [moved]);
    const step = getLastStep({ ...inputs, from: { ...inputs.from, unreadable: [unreadable] } });
    expect(step).toContain("1 other resource that does not move: 'datadog_org_connection.x'.");
    expect(step).not.toContain("`removed`");
  });
});
