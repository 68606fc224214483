import type { FaultAction, Sandbox } from "../../../sandbox/src/index.js";

/** An answer of this status and nothing else. */
export const status = (code: number): FaultAction => ({ kind: "status", status: code });

/** What tests of looks say again and again, in the sandbox of the test. */
export function looking(sandbox: () => Sandbox) {
  const idOf = (key: string) => sandbox().organization(key).id;
  return {
    idOf,
    /** The inputs of a new connection. */
    news: (sink = "observability", source = "payments") => ({
      source,
      sinkOrgId: idOf(sink),
      connectionTypes: ["logs", "metrics"],
    }),
    /** Whatever the API answers to this call. */
    answer: (route: "listConnections" | "listOrganizations", what: FaultAction) =>
      sandbox().fail({ on: { route }, times: Infinity, moment: "before", what }),
  };
}
