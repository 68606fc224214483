import { describe, expect, test } from "vitest";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { findSetToImport } from "../../../core/src/index.js";
import {
  ImportSource,
  listImportSources,
  requireImportSource,
} from "../../../core/src/operation/import-sources.js";
import { createImportOperations } from "../connection/import-operation.js";
import { catchError, useSandbox } from "../connection/operation.js";

const sandbox = useSandbox();
const { createConfigured } = createImportOperations(sandbox);
const getOrgId = (key: string) => sandbox().getOrganization(key).id;

describe("the configured UUID", () => {
  test("finds the organization in any case, without a request", async () => {
    const context = createConfigured(["checkout", "payments"], { payments: { id: getOrgId("payments") } });
    const { source } = await requireImportSource(context, getOrgId("payments").toUpperCase());
    expect([source, sandbox().requests]).toEqual(["payments", []]);
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

test("a reference with a space is not a name in the settings, not even an empty one", async () => {
  const context = createConfigured(["payments"], { payments: { name: "" } });
  expect((await catchError(requireImportSource(context, "Team 01"))).code).toBe("unknown-source");
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
  const other = await catchError(findSetToImport(failed, getOrgId("checkout")));
  expect(other.happened).toMatch(/\(configured: payments\)\. Some organizations could not be read: .*\[/);
});
