import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { Session } from "../operation/session.js";
import { formatNotice, MAX_SOURCE_LENGTH } from "./notices.js";

/** The sessions whose organizations have been reported. A session ends with its operation. */
const reported = new WeakSet<Session>();

/**
 * Warns once per organization and operation that its connections could not be checked. Without this warning, the preview of an
 * outage looks like one in which all checks have passed.
 *
 * @param error - why a preview check was not possible, although the change may succeed
 * @throws the error itself if it is not an `OrgConnectionsError`, because then it is a defect of this package
 */
export function reportNotChecked(context: OperationContext, session: Session, error: unknown): void {
  if (!isOrgConnectionsError(error)) throw error;
  if (reported.has(session)) return;
  reported.add(session);
  const { label, source, organizationId } = session.credentials;
  const { happened, advice = "Run the command again.", code } = error;
  context.warn(
    formatNotice(`not checked: the connections of ${label}. ${happened} ${advice} [${code}]`, {
      kind: "not-checked",
      source: source?.slice(0, MAX_SOURCE_LENGTH),
      sourceOrgId: organizationId,
      code,
    }),
  );
}
