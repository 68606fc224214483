import { expect, test } from "vitest";
import { deleteConnection } from "../../../core/src/connection/delete.js";
import { createDeclared, createOperation, useSandbox } from "./operation.js";

const sandbox = useSandbox();

test("a connection that is adopted while its caller is proven is not deleted", async () => {
  const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
  const context = createOperation(sandbox());
  const session = context.getSession(state.source);
  const adopt = () => context.ledger.adopt(connectionId, () => Promise.resolve());
  const [getListing, getListingSince] = [
    session.getListing.bind(session),
    session.getListingSince.bind(session),
  ];
  session.getListing = () => {
    void adopt();
    return getListing();
  };
  session.getListingSince = (sequence) => {
    void adopt();
    return getListingSince(sequence);
  };
  await deleteConnection(context, connectionId, state);
  expect(sandbox().listConnections()).toHaveLength(1);
});

test("an earlier listing is used as the baseline", async () => {
  const session = createOperation(sandbox()).getSession("payments");
  await session.getListingSince(0);
  sandbox().clearRequests();
  await session.getBaselineListing();
  expect(sandbox().requests).toEqual([]);
});
