import { callApi, listAllConnections, type Access } from "./call-api.js";
import { CALLER_PATH, parseCallerIds } from "./caller.js";
import { deleteLeftovers } from "./clean-up.js";
import type { Run } from "./run.js";

/**
 * The safety gate at the start of a run. Proves that each of the credentials leads to its declared organization, deletes what an
 * interrupted run has left, proves that the pair is not connected, and only then lets the gateway forward creates.
 *
 * @throws an error that says what is wrong and what to do next; the run must not go on
 *
 * @example
 * await prepareRun({ gateway, journal, sourceHeaders, sinkHeaders });
 * // … the run …
 * await cleanUp({ gateway, journal, sourceHeaders, sinkHeaders });
 */
export async function prepareRun(run: Run): Promise<void> {
  const { gateway, sourceHeaders, sinkHeaders } = run;
  const { url, sourceOrgId, sinkOrgId } = gateway;
  if (sourceOrgId === sinkOrgId)
    throw new Error(
      "The source and the destination organization have the same UUID. Set the UUIDs of two organizations.",
    );
  const source = {
    label: "the source organization",
    id: sourceOrgId,
    access: { url, headers: sourceHeaders },
  };
  const sink = {
    label: "the destination organization",
    id: sinkOrgId,
    access: { url, headers: sinkHeaders },
  };
  const sourceCallers = await findCallerIds(source);
  const sinkCallers = await findCallerIds(sink);
  if (sourceCallers.some((id) => sinkCallers.includes(id)))
    throw new Error(
      "The credentials of the source and of the destination organization lead to the same organization. " +
        "Set the credentials of two organizations.",
    );
  checkCaller(source, sourceCallers);
  checkCaller(sink, sinkCallers);
  await deleteLeftovers(run);
  await checkPair(run);
  gateway.allowCreates();
}

/** One organization of a run. */
interface Organization {
  /** For messages. */
  label: string;
  id: string;
  access: Access;
}

async function findCallerIds({ label, access }: Organization): Promise<string[]> {
  const { status, body } = await callApi(access, "GET", CALLER_PATH);
  const ids = status < 300 ? parseCallerIds(body) : [];
  if (ids.length > 0) return ids;
  throw new Error(
    status === 401 || status === 403
      ? `The credentials of ${label} were refused (status ${status} of GET ${CALLER_PATH}). Check them, and that they have the ` +
          "permissions org_connections_read and org_connections_write."
      : `GET ${CALLER_PATH} does not show which organization the credentials of ${label} belong to (status ${status}). ` +
          "Nothing was changed. Check the address of the API.",
  );
}

function checkCaller({ label, id }: Organization, callerIds: readonly string[]): void {
  if (!callerIds.includes(id))
    throw new Error(
      `The credentials of ${label} belong to another organization than its UUID. Set the UUID and the credentials of the same ` +
        "organization.",
    );
}

async function checkPair({ gateway, sourceHeaders }: Run): Promise<void> {
  const { url, sourceOrgId, sinkOrgId } = gateway;
  const rows = await listAllConnections({ url, headers: sourceHeaders });
  // A row that lacks an end can be the one of the pair.
  const isPair = (row: (typeof rows)[number]) =>
    (row.sourceOrgId ?? sourceOrgId) === sourceOrgId && (row.sinkOrgId ?? sinkOrgId) === sinkOrgId;
  if (rows.some(isPair))
    throw new Error(
      "The two organizations are connected already, so the run would change a connection that is not its own. " +
        "Nothing was changed. Use two organizations without a connection from the first to the second.",
    );
}
