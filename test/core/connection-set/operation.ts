import {
  checkSet,
  diffSet,
  DoneInPart,
  syncSet,
  type RecordedSet,
  type WantedSet,
  type World,
} from "../../../core/src/index.js";
import { isKnown } from "../../../core/src/connection-set/inputs.js";
import { requireInputs } from "../../../core/src/connection/one-input.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { operation } from "../connection/operation.js";

/** A set of payments: `{ observability: ["logs"] }`, by the sandbox's keys of the destinations. */
export function wantedSet(
  sandbox: Sandbox,
  connections: Record<string, string[]>,
  more: Partial<WantedSet> = {},
): WantedSet {
  const entries = Object.entries(connections).map(([key, types]) => [sandbox.organization(key).id, types]);
  return {
    source: "payments",
    connections: Object.fromEntries(entries) as WantedSet["connections"],
    ...more,
  };
}

/** An earlier `up` that made this set. Its requests are forgotten. */
export async function declaredSet(
  sandbox: Sandbox,
  connections: Record<string, string[]>,
  more: Partial<WantedSet> = {},
): Promise<RecordedSet> {
  const recorded = await syncSet(operation(sandbox), undefined, wantedSet(sandbox, connections, more));
  sandbox.clearRequests();
  return recorded;
}

/** The step of a set in an `up`: check, diff, and the update if there is a difference. */
export async function step(world: World, olds: RecordedSet, news: WantedSet): Promise<RecordedSet | string> {
  const { source, connections, exclusive, adopt, reason } = olds;
  const { failures } = await checkSet(world, { source, connections, exclusive, adopt, reason }, { ...news });
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.reason).join("\n"));
  const { change } = await diffSet(world, olds, news);
  return change === "update" ? syncSet(world, olds, news) : change;
}

/** The inputs that check has accepted, all of them known. */
export async function accepted(checked: ReturnType<typeof checkSet>): Promise<WantedSet> {
  const planned = requireInputs(await checked);
  if (isKnown(planned)) return planned;
  throw new Error("the destinations are not known");
}

/** What a change that must be done in part came to. */
export async function partOf(work: Promise<unknown>): Promise<DoneInPart> {
  const error = await work.then(
    () => new Error("expected it to be done in part"),
    (reason: unknown) => reason,
  );
  if (error instanceof DoneInPart) return error;
  throw error;
}

/** The live connections as `payments → observability: logs`, sorted. */
export function liveTexts(sandbox: Sandbox): string[] {
  const key = (id: string) => sandbox.organizations.find((org) => org.id === id)?.key ?? id;
  return sandbox
    .connections()
    .map(
      (row) => `${key(row.sourceOrgId)} → ${key(row.sinkOrgId)}: ${[...row.connectionTypes].sort().join()}`,
    )
    .sort();
}
