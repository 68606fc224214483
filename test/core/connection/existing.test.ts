import { expect, test } from "vitest";
import { createDeletionPendingError } from "../../../core/src/connection/existing.js";
import { reportExisting } from "../../../core/src/connection/preview-checks.js";
import { createOperation, CONNECTION, useSandbox } from "./operation.js";

const sandbox = useSandbox();
/** A row of the list without its organizations, which the API may omit. */
const INCOMPLETE_ROW = { id: CONNECTION, createdAt: "2026-03-01T12:00:00Z", connectionTypes: ["logs"] };
const getSinkOrgId = () => sandbox().getOrganization("observability").id;
const createContext = () => createOperation(sandbox());

test("the error for a pair whose deletion is pending names the UUID of a destination without a name", () => {
  const inputs = { source: "payments", sinkOrgId: getSinkOrgId() };
  const session = createContext().getSession("payments");
  expect(createDeletionPendingError(session, inputs, INCOMPLETE_ROW).message).toContain(
    `still shares data with ${getSinkOrgId()}: connection ${CONNECTION} (logs)`,
  );
});

test("an adoption is reported with the UUID of the destination if the list has no organizations", () => {
  const context = createContext();
  const inputs = { source: "payments", sinkOrgId: getSinkOrgId(), connectionTypes: ["logs"], adopt: true };
  reportExisting(context, context.getSession("payments"), inputs, INCOMPLETE_ROW);
  expect(context.warnings).toHaveLength(1);
  expect(context.warnings[0]).toContain(`to ${getSinkOrgId()}: will adopt connection ${CONNECTION} (logs)`);
});
