import { expect, test } from "vitest";
import { remove } from "../../../core/src/connection/delete.js";
import { declared, operation, useSandbox } from "./operation.js";

const sandbox = useSandbox();

test("a connection that is adopted while its caller is proven is not deleted", async () => {
  const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
  const context = operation(sandbox());
  const session = context.session(recorded.source);
  const adopt = () => context.kept.set(connectionId, "this operation adopted it");
  const [listing, listingSince] = [session.listing.bind(session), session.listingSince.bind(session)];
  session.listing = () => {
    adopt();
    return listing();
  };
  session.listingSince = (moment) => {
    adopt();
    return listingSince(moment);
  };
  await remove(context, connectionId, recorded);
  expect(sandbox().connections()).toHaveLength(1);
});

test("a listing that was read serves as the baseline", async () => {
  const session = operation(sandbox()).session("payments");
  await session.listingSince(0);
  sandbox().clearRequests();
  await session.baseline();
  expect(sandbox().requests).toEqual([]);
});
