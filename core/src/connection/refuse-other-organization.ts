import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { requireAllowedCaller } from "../operation/prove-caller.js";
import type { Session } from "../operation/session.js";
import { reportNotChecked } from "./not-checked.js";

/**
 * Refuses a change with the credentials of another organization, so that the preview fails. During `pulumi up`, an update would
 * refuse the change too. The create of a replacement would not refuse it, because a create does not get the state. Any other
 * `OrgConnectionsError` does not prove a mistake: ignores a missing proof, and reports the rest as not checked. Does nothing with
 * `checks: offline`. Reuses the responses to earlier preview checks with these credentials.
 *
 * @param requireOrganization - throws `wrong-organization` if the credentials belong to another organization
 * @throws `wrong-organization`
 */
export async function refuseOtherOrganization(
  context: OperationContext,
  source: string | undefined,
  requireOrganization: (session: Session) => Promise<void>,
): Promise<void> {
  if (context.getCheckMode() === "offline") return;
  let session: Session | undefined;
  try {
    session = context.getSession(source);
    await requireOrganization(session);
  } catch (error) {
    if (!isOrgConnectionsError(error) || error.code === "wrong-organization") throw error;
    if (session && error.code !== "organization-unproven") reportNotChecked(context, session, error);
  }
}

/** What the resources of one operation have shown about a `source` so far. */
interface SourceUse {
  /** Whether the program declares a new connection of it. */
  isNew?: true;
  /** Its organization, according to the state of a resource that stays. */
  sourceOrgId?: string;
}

const usesByContext = new WeakMap<OperationContext, Map<string | undefined, SourceUse>>();

/**
 * Refuses a new connection of a `source` that was one organization in the state of another resource, and is another organization now,
 * for example because the environment has other keys. The report of a review would name the organization in the state. The engine shows
 * resources in any order, so this function is called for both: the new connection, and each resource that stays.
 *
 * @throws `wrong-organization`
 */
export async function refuseChangedSource(
  context: OperationContext,
  source: string | undefined,
  use: SourceUse,
): Promise<void> {
  const uses = usesByContext.get(context) ?? new Map<string | undefined, SourceUse>();
  usesByContext.set(context, uses);
  const known = { ...uses.get(source), ...use };
  uses.set(source, known);
  const { isNew, sourceOrgId } = known;
  if (!isNew || sourceOrgId === undefined) return;
  const advice =
    `Other connections of this source are from ${sourceOrgId}, according to the state. Set the credentials of that organization, ` +
    "or declare the new connection with another `source` or provider.";
  await refuseOtherOrganization(context, source, (session) =>
    requireAllowedCaller(session, [sourceOrgId], "Creating a connection", () => advice),
  );
}
