import { describe, expect, test } from "vitest";
import type { Organization } from "../../../core/src/api/parse.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "../../../core/src/api/org-connections-error.js";
import { choose, type GetOrganizationArgs } from "../../../provider/src/functions/organizations.js";

const organization = (number: number, name: string, disabled = false): Organization => ({
  id: `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`,
  name,
  disabled,
});
const hub = organization(1, "Acme Observability");
const payments = organization(2, "Acme Payments");
const retired = organization(3, "Acme Retired", true);
const twins = [organization(4, "Twin"), organization(5, "twin")];
const all = [hub, payments, retired, ...twins];

function refusal(args: GetOrganizationArgs, organizations: Organization[] = all): OrgConnectionsError {
  try {
    choose(organizations, args);
  } catch (error) {
    if (isOrgConnectionsError(error)) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe("an organization is chosen", () => {
  test.each(["Acme Observability", "acme observability", " ACME OBSERVABILITY "])(
    "by its name %j",
    (name) => {
      expect(choose(all, { name })).toBe(hub);
    },
  );

  test.each([payments.id, payments.id.toUpperCase(), ` ${payments.id} `])("by its id %j", (id) => {
    expect(choose(all, { id })).toBe(payments);
  });

  test("by id when its name is not unique", () => {
    expect(twins.map(({ id }) => choose(all, { id }))).toEqual(twins);
  });
});

describe("an unknown one", () => {
  test("is an error that lists the candidates, disabled ones marked", () => {
    const error = refusal({ name: "Acme Obervability" });
    expect(error.code).toBe("organization-unknown");
    expect(error.message).toContain('"Acme Obervability"');
    expect(error.message).toContain(`Acme Observability (${hub.id})`);
    expect(error.message).toContain(`Acme Retired (${retired.id}, disabled)`);
  });

  test.each([{ name: "Acme" }, { name: "" }, { id: "aaaaaaaa" }])(
    "is not guessed from a part: %j",
    (args) => {
      expect(refusal(args).code).toBe("organization-unknown");
    },
  );

  test("among many lists twenty and counts the rest", () => {
    const many = Array.from({ length: 25 }, (_, at) => organization(at, `Org ${at}`));
    const { message } = refusal({ name: "x" }, many);
    expect(message).toContain("Org 19");
    expect(message).not.toContain("Org 20");
    expect(message).toContain("and 5 more");
  });

  test("among none says so", () => {
    expect(refusal({ name: "x" }, []).message).toContain("none");
  });
});

test("an ambiguous name is an error that lists its candidates and no others", () => {
  const error = refusal({ name: "Twin" });
  expect(error.code).toBe("organization-ambiguous");
  for (const { id } of twins) expect(error.message).toContain(id);
  expect(error.message).not.toContain(hub.id);
});

test("a disabled one is an error that names it and lists the enabled ones", () => {
  for (const args of [{ name: "acme retired" }, { id: retired.id }]) {
    const error = refusal(args);
    expect(error.code).toBe("organization-disabled");
    expect(error.message).toContain(retired.id);
    expect(error.message).toContain(hub.id);
  }
});

test.each([{}, { name: "Acme Payments", id: payments.id }])(
  "name and id: exactly one of them, not %j",
  (args) => {
    expect(refusal(args)).toMatchObject({ code: "invalid-input" });
  },
);
