import {
  checkSet,
  diffSet,
  PartialFailure,
  syncSet,
  type SetState,
  type SetInputs,
  type OperationContext,
} from "../../../core/src/index.js";
import { hasKnownConnections } from "../../../core/src/connection-set/fields.js";
import { requireInputs } from "../../../core/src/connection/inputs.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { createOperation } from "../connection/operation.js";

/** Creates the inputs of a set of payments: `{ observability: ["logs"] }`, by the sandbox's keys of the destinations. */
export function createSetInputs(
  sandbox: Sandbox,
  connections: Record<string, string[]>,
  more: Partial<SetInputs> = {},
): SetInputs {
  const entries = Object.entries(connections).map(([key, types]) => [sandbox.getOrganization(key).id, types]);
  return {
    source: "payments",
    connections: Object.fromEntries(entries) as SetInputs["connections"],
    ...more,
  };
}

/** Creates a set as an earlier `up` did. Its requests are not recorded. */
export async function createDeclaredSet(
  sandbox: Sandbox,
  connections: Record<string, string[]>,
  more: Partial<SetInputs> = {},
): Promise<SetState> {
  const state = await syncSet(
    createOperation(sandbox),
    undefined,
    createSetInputs(sandbox, connections, more),
  );
  sandbox.clearRequests();
  return state;
}

/** Runs the step of a set in an `up`: check, diff, and the update if there is a difference. */
export async function runStep(
  context: OperationContext,
  olds: SetState,
  news: SetInputs,
): Promise<SetState | string> {
  const { source, connections, exclusive, adopt, reason } = olds;
  const { failures } = await checkSet(
    context,
    { source, connections, exclusive, adopt, reason },
    { ...news },
  );
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.reason).join("\n"));
  const { change } = await diffSet(context, olds, news);
  return change === "update" ? syncSet(context, olds, news) : change;
}

/** Returns the inputs that check accepted. All must be known. */
export async function requireKnownInputs(checked: ReturnType<typeof checkSet>): Promise<SetInputs> {
  const planned = requireInputs(await checked);
  if (hasKnownConnections(planned)) return planned;
  throw new Error("the destinations are not known");
}

/** Returns the partial failure of a change. */
export async function catchPartialFailure(work: Promise<unknown>): Promise<PartialFailure> {
  const error = await work.then(
    () => new Error("expected a partial failure"),
    (reason: unknown) => reason,
  );
  if (error instanceof PartialFailure) return error;
  throw error;
}

/** Lists the live connections as `payments → observability: logs`, sorted. */
export function listLive(sandbox: Sandbox): string[] {
  const findKey = (id: string) => sandbox.organizations.find((org) => org.id === id)?.key ?? id;
  return sandbox
    .listConnections()
    .map(
      (row) =>
        `${findKey(row.sourceOrgId)} → ${findKey(row.sinkOrgId)}: ${[...row.connectionTypes].sort().join()}`,
    )
    .sort();
}
