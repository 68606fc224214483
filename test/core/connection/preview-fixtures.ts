import type { FaultAction, Sandbox } from "../../../sandbox/src/index.js";

/** A response with only this status. */
export const createStatusFault = (code: number): FaultAction => ({ kind: "status", status: code });

/** Creates the helpers that tests of preview checks share, for the sandbox of the test. */
export function createPreviewFixtures(sandbox: () => Sandbox) {
  const getOrgId = (key: string) => sandbox().getOrganization(key).id;
  return {
    getOrgId,
    /** The inputs of a new connection. */
    createNews: (sink = "observability", source = "payments") => ({
      source,
      sinkOrgId: getOrgId(sink),
      connectionTypes: ["logs", "metrics"],
    }),
    /** Replaces the response to this call. */
    setResponse: (route: "listConnections" | "listOrganizations", what: FaultAction) =>
      sandbox().fail({ on: { route }, times: Infinity, moment: "before", what }),
  };
}
