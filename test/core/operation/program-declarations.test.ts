import { describe, expect, test } from "vitest";
import { OrganizationNames } from "../../../core/src/credentials/organization-names.js";
import { ORGANIZATIONS_KEY } from "../../../core/src/credentials/setting-names.js";
import { ProgramDeclarations, type Declaration } from "../../../core/src/operation/program-declarations.js";

const PAYMENTS_ID = "aaaaaaaa-0001-4000-8000-000000000001";
const HUB = "aaaaaaaa-0002-4000-8000-000000000002";
const SECURITY = "aaaaaaaa-0003-4000-8000-000000000003";

/** `payments` and `pay` are names of one organization; `checkout` is another one. */
function createDeclarations(): ProgramDeclarations {
  const organizations = {
    payments: { id: PAYMENTS_ID },
    pay: { id: PAYMENTS_ID },
    checkout: { id: "aaaaaaaa-0004-4000-8000-000000000004" },
  };
  const config = (key: string) => (key === ORGANIZATIONS_KEY ? JSON.stringify(organizations) : undefined);
  return new ProgramDeclarations(new OrganizationNames(() => ({ config, env: {} })));
}

const createSingle = (name: string, source: string, sinks = [HUB]): Declaration => ({
  resource: `OrgConnection "${name}"`,
  source: { name: source },
  sinks,
  isExclusive: false,
});

const createExclusive = (name: string, source: string): Declaration => ({
  ...createSingle(name, source, []),
  resource: `OrgConnectionSet "${name}"`,
  isExclusive: true,
});

describe("two resources of one pair", () => {
  test("are refused, and the error names both, the organization and the destination", () => {
    const declarations = createDeclarations();
    expect(declarations.declare("urn-a", createSingle("a", "payments"))).toBeUndefined();
    const error = declarations.declare("urn-b", createSingle("b", "payments"));
    expect(error?.code).toBe("invalid-input");
    expect(error?.happened).toBe(
      `OrgConnection "a" and OrgConnection "b" declare the same pair: organization "payments" to ${HUB}.`,
    );
  });

  test("are refused with two names of the organization, and the error says why they are the same", () => {
    const declarations = createDeclarations();
    declarations.declare("urn-a", createSingle("a", "payments"));
    const error = declarations.declare("urn-b", createSingle("b", "pay"));
    expect(error?.happened).toMatch(/declare the same pair: organization "pay" to .*, because .*"payments"/);
  });

  test("are named by their keys if they have the same name", () => {
    const declarations = createDeclarations();
    declarations.declare("urn-a", createSingle("a", "payments"));
    const error = declarations.declare("urn-b", createSingle("a", "payments"));
    expect(error?.happened).toMatch(/^urn-a and urn-b declare/);
  });

  test("are no conflict if the organizations, or what one of them declares next, are different", () => {
    const declarations = createDeclarations();
    declarations.declare("urn-a", createSingle("a", "payments"));
    expect(declarations.declare("urn-b", createSingle("b", "checkout"))).toBeUndefined();
    expect(declarations.declare("urn-a", createSingle("a", "payments", [SECURITY]))).toBeUndefined();
    expect(declarations.declare("urn-c", createSingle("c", "payments"))).toBeUndefined();
  });
});

describe("an exclusive set and another resource of its organization", () => {
  test.each([
    ["the set first", ["set", "single"]],
    ["the set last", ["single", "set"]],
  ])("are refused, %s", (_, order) => {
    const declarations = createDeclarations();
    const all: Record<string, Declaration> = {
      set: createExclusive("all", "payments"),
      single: createSingle("a", "pay"),
    };
    const errors = order.map((key) => declarations.declare(key, all[key] as Declaration));
    expect(errors[0]).toBeUndefined();
    expect(errors[1]?.code).toBe("invalid-input");
    expect(errors[1]?.happened).toMatch(/^OrgConnectionSet "all" .*OrgConnection "a"/);
  });
});

test("what each resource declares is listed, except for those of another organization", () => {
  const declarations = createDeclarations();
  declarations.declare("urn-a", createSingle("a", "pay"));
  declarations.declare("urn-b", createSingle("b", "checkout"));
  declarations.declare("urn-c", { resource: 'OrgConnection "c"', isExclusive: false });
  expect(declarations.listPairs("payments")).toEqual([
    { resource: 'OrgConnection "a"', source: "pay", sinks: [HUB] },
    { resource: 'OrgConnection "c"' },
  ]);
});
