import type { PulumiStep } from "./pulumi-step.js";

/**
 * The operations whose old side can be a reference, besides a refresh. Do not add others, such as `delete`, because then the report
 * could omit a deletion.
 */
const OPERATIONS_ON_REFERENCES: ReadonlySet<string> = new Set([
  ...["read", "discard", "discard-replaced"],
  // The reference becomes a managed resource.
  ...["create-replacement", "replace"],
]);

/**
 * Marks references (`OrgConnection.get`) in the events of older engines. Events have the field `external` only since
 * https://github.com/pulumi/pulumi/pull/22331 (March 2026). Without this field, the operations reveal the references, because the
 * engine reads and discards only references. Two cases are ambiguous:
 * - If a managed resource becomes a reference with the same ID, its old side is marked too.
 * - If a reference is only refreshed, it counts as managed.
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

/**
 * Whether the old side of a step counts as an unmarked reference. If the new side of a read is marked, the engine marks references
 * itself, so the old side is already correct.
 */
const startsFromReference = ({ op, newState }: PulumiStep): boolean =>
  op.startsWith("discard") || (op === "read" && newState?.fields.external === false);

/** The ID is part of the key, because a resource and the leftover of its interrupted replacement have the same URN. */
const getKey = ({ urn, oldState }: PulumiStep): string => JSON.stringify([urn, oldState?.fields.id]);

const markReference = (side: PulumiStep["oldState"]): PulumiStep["oldState"] =>
  side && { ...side, fields: { ...side.fields, external: true } };
