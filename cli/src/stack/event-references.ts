import type { PulumiStep } from "./pulumi-step.js";

/** The operations whose old side can be a reference. */
const OPERATIONS_ON_REFERENCES: ReadonlySet<string> = new Set([
  ...["read", "discard", "discard-replaced"],
  // The reference becomes a resource.
  ...["create-replacement", "replace"],
]);

/**
 * Marks references (`OrgConnection.get`) in the events of an engine that does not mark them: `external` is in events since
 * https://github.com/pulumi/pulumi/pull/22331 (March 2026). Their operations show them, because the engine only reads and discards
 * references. If a managed resource becomes a reference with the same ID, these events do not show that it was managed before, so
 * its old side is marked too. A resource that is only refreshed may be a reference, and counts as managed.
 */
export function markReferences(steps: readonly PulumiStep[]): PulumiStep[] {
  const replacedByRead = new Set(steps.flatMap(({ op, urn }) => (op === "read-replacement" ? [urn] : [])));
  const references = new Set(steps.filter(startsFromReference).map(getKey));
  return steps.map((step): PulumiStep => {
    const { op, urn, isRefresh, oldState, newState } = step;
    const isReference =
      references.has(getKey(step)) && (isRefresh === true || OPERATIONS_ON_REFERENCES.has(op));
    const becomesReference = op.startsWith("read") || (op === "replace" && replacedByRead.has(urn));
    return {
      ...step,
      oldState: isReference ? markReference(oldState) : oldState,
      newState: becomesReference || (isReference && isRefresh) ? markReference(newState) : newState,
    };
  });
}

/** An engine that marks references also marks the new side of a read, and then the old side is right. */
const startsFromReference = ({ op, newState }: PulumiStep): boolean =>
  op.startsWith("discard") || (op === "read" && newState?.fields.external === false);

/** The ID is part of the key, because what an interrupted replacement left behind has the same URN. */
const getKey = ({ urn, oldState }: PulumiStep): string => JSON.stringify([urn, oldState?.fields.id]);

const markReference = (side: PulumiStep["oldState"]): PulumiStep["oldState"] =>
  side && { ...side, fields: { ...side.fields, external: true } };
