import { describe, expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { findSetToImport } from "../../../core/src/index.js";
import {
  findConfiguredSource,
  ImportSource,
  isSameName,
  listImportSources,
} from "../../../core/src/operation/import-sources.js";
import type { Session } from "../../../core/src/operation/session.js";
import { createImportOperations } from "../connection/import-operation.js";
import { catchError, useSandbox } from "../connection/operation.js";

const sandbox = useSandbox();
const { createConfigured } = createImportOperations(sandbox);
const getOrgId = (key: string) => sandbox().getOrganization(key).id;

describe("the configured UUID", () => {
  test("finds the organization in any case", () => {
    const context = createConfigured(["checkout", "payments"], { payments: { id: getOrgId("payments") } });
    expect(findConfiguredSource(context, getOrgId("payments").toUpperCase())?.source).toBe("payments");
  });

  test("is unknown if the settings are invalid, and any other failure is thrown", () => {
    const create = (error: Error) =>
      new ImportSource("payments", () => {
        throw error;
      });
    expect(create(new OrgConnectionsError("credentials-missing", "x")).findConfiguredId()).toBeUndefined();
    expect(() => create(new TypeError("a defect")).findConfiguredId()).toThrow("a defect");
  });
});

describe("the name of an organization without connections", () => {
  const HUB = { id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Hub" };
  const PAYMENTS = { id: "aaaaaaaa-0002-4000-8000-000000000002", name: "Payments" };
  const findName = (getOrganizations: () => Promise<unknown>) => {
    const source = new ImportSource("payments", () => ({ getOrganizations }) as unknown as Session);
    const organization = { id: PAYMENTS.id };
    return source.findName({ source, organization, listing: { connections: [], date: undefined } });
  };

  test("is that of the organization among all that the credentials can see", async () => {
    expect(await findName(() => Promise.resolve({ organizations: [HUB, PAYMENTS] }))).toBe("Payments");
  });

  test.each(["forbidden", "not-found"] as const)("is unknown after the error %s", async (code) => {
    expect(await findName(() => Promise.reject(new OrgConnectionsError(code, "x")))).toBeUndefined();
  });

  test("fails with any other error", async () => {
    const failure = new OrgConnectionsError("server-error", "x");
    expect(await catchError(findName(() => Promise.reject(failure)))).toBe(failure);
  });
});

test("a reference with a space is not a name in the settings, not even an empty one", () => {
  const context = createConfigured(["payments"], { payments: { name: "" } });
  expect(findConfiguredSource(context, "Team 01")).toBeUndefined();
});

test("a missing name is no name", () => {
  expect(isSameName("undefined", undefined)).toBe(false);
  expect(isSameName(" acme ", "Acme")).toBe(true);
});

test("all imports of an operation share the organizations", () => {
  const context = createConfigured(["payments"]);
  expect(listImportSources(context)).toBe(listImportSources(context));
});

test("the error for an organization that is not configured says which ones are, and what failed", async () => {
  const error = await catchError(findSetToImport(createConfigured(["payments"]), "team 01"));
  expect(error.happened).toBe(
    'No configured organization has the name or UUID "team 01" (configured: payments).',
  );
  expect(error.advice).toContain("DD_API_KEY__TEAM_01");
  const failed = createConfigured(["payments"], { payments: { apiKey: "old" } });
  const other = await catchError(findSetToImport(failed, "shop"));
  expect(other.happened).toMatch(/\(configured: payments\)\. Some organizations could not be read: .*\[/);
});
