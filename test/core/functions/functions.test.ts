import { describe, expect, test } from "vitest";
import {
  argumentSchemas,
  parseFunctionArguments,
  refuseUnknownArguments,
  type FunctionName,
  type FunctionArguments,
  chooseOrganization,
} from "../../../core/src/functions/functions.js";
import type { Organization } from "../../../core/src/api/parse.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "../../../core/src/api/org-connections-error.js";

const SINK = "4dee724d-0000-4000-8000-00d4f1a2b3c4";

test("an ID is converted to lower case, and null is an omitted argument", () => {
  const given = { sinkOrgId: ` ${SINK.toUpperCase()} `, sourceOrgId: null, source: "payments" };
  expect(parseFunctionArguments("getOrgConnections", given)).toEqual({ sinkOrgId: SINK, source: "payments" });
});

describe("an invalid argument is an error with its name", () => {
  test.each<[FunctionName, Record<string, unknown>, string, string]>([
    [
      "getOrgConnections",
      { sinkOrgId: "hub" },
      "sinkOrgId",
      "getOrgConnections: `sinkOrgId` is not the UUID",
    ],
    ["getOrganization", { name: 5 }, "name", "getOrganization: `name` must be a string."],
    ["getOrganizations", { name: "x" }, "name", "`name` is not an argument of getOrganizations."],
    ["getOrganizations", { sorce: null }, "sorce", "Its arguments are source."],
  ])("%s %j", (name, given, property, message) => {
    expect(() => parseFunctionArguments(name, given)).toThrow(
      expect.objectContaining({
        code: "invalid-input",
        facts: { property },
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});

test("names of methods of objects are no arguments", () => {
  expect(() => refuseUnknownArguments("getOrganization", { toString: "x" })).toThrow("`toString` is not an");
});

test("each function has `source`", () => {
  for (const { entries } of Object.values(argumentSchemas)) expect(entries).toHaveProperty("source");
});

const createOrganization = (number: number, name: string, disabled = false): Organization => ({
  id: `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`,
  name,
  disabled,
});
const hub = createOrganization(1, "Acme Observability");
const payments = createOrganization(2, "Acme Payments");
const retired = createOrganization(3, "Acme Retired", true);
const duplicates = [createOrganization(4, "Duplicate"), createOrganization(5, "duplicate")];
const all = [hub, payments, retired, ...duplicates];

function catchRefusal(
  args: FunctionArguments<"getOrganization">,
  organizations: Organization[] = all,
): OrgConnectionsError {
  try {
    chooseOrganization(organizations, args);
  } catch (error) {
    if (isOrgConnectionsError(error)) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe("chooses an organization", () => {
  test.each(["Acme Observability", "acme observability", " ACME OBSERVABILITY "])(
    "by its name %j",
    (name) => {
      expect(chooseOrganization(all, { name })).toBe(hub);
    },
  );

  test.each([payments.id, payments.id.toUpperCase(), ` ${payments.id} `])("by its id %j", (id) => {
    expect(chooseOrganization(all, { id })).toBe(payments);
  });

  test("by id if its name is not unique", () => {
    expect(duplicates.map(({ id }) => chooseOrganization(all, { id }))).toEqual(duplicates);
  });
});

describe("an unknown organization", () => {
  test("is an error that lists the candidates and marks disabled ones", () => {
    const error = catchRefusal({ name: "Acme Obervability" });
    expect(error.code).toBe("organization-unknown");
    expect(error.message).toContain('"Acme Obervability"');
    expect(error.message).toContain(`Acme Observability (${hub.id})`);
    expect(error.message).toContain(`Acme Retired (${retired.id}, disabled)`);
  });

  test.each([{ name: "Acme" }, { name: "" }, { id: "aaaaaaaa" }])(
    "is not guessed from a part of its name or id: %j",
    (args) => {
      expect(catchRefusal(args).code).toBe("organization-unknown");
    },
  );

  test("lists twenty of many candidates and counts the rest", () => {
    const many = Array.from({ length: 25 }, (_, at) => createOrganization(at, `Org ${at}`));
    const { message } = catchRefusal({ name: "x" }, many);
    expect(message).toContain("Org 19");
    expect(message).not.toContain("Org 20");
    expect(message).toContain("and 5 more");
  });

  test("reports that there are no candidates", () => {
    expect(catchRefusal({ name: "x" }, []).message).toContain("none");
  });
});

test("an ambiguous name is an error that lists only its candidates", () => {
  const error = catchRefusal({ name: "Duplicate" });
  expect(error.code).toBe("organization-ambiguous");
  for (const { id } of duplicates) expect(error.message).toContain(id);
  expect(error.message).not.toContain(hub.id);
});

test("a disabled organization is an error that names it and lists the enabled ones", () => {
  for (const args of [{ name: "acme retired" }, { id: retired.id }]) {
    const error = catchRefusal(args);
    expect(error.code).toBe("organization-disabled");
    expect(error.message).toContain(retired.id);
    expect(error.message).toContain(hub.id);
  }
});

test.each([{}, { name: "Acme Payments", id: payments.id }])(
  "exactly one of name and id is required, not %j",
  (args) => {
    expect(catchRefusal(args)).toMatchObject({ code: "invalid-input" });
  },
);
