import * as v from "valibot";
import { markReferences } from "./event-references.js";
import { previewConfigSchema, stepSideSchema, type PreviewContent, type PulumiStep } from "./pulumi-step.js";

const metadataSchema = v.object({
  op: v.string(),
  urn: v.string(),
  old: stepSideSchema,
  new: stepSideSchema,
});
type Metadata = v.InferOutput<typeof metadataSchema>;

const engineEventSchema = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config: v.nullish(previewConfigSchema) })),
  diagnosticEvent: v.optional(
    v.object({ severity: v.string(), message: v.string(), ephemeral: v.optional(v.boolean(), false) }),
  ),
  resourcePreEvent: v.optional(v.object({ metadata: metadataSchema })),
  resOutputsEvent: v.optional(v.object({ metadata: metadataSchema })),
  summaryEvent: v.optional(v.unknown()),
});

/**
 * Parses the events of the engine.
 *
 * @param name - the name of the input in messages
 * @returns `undefined` if an event has an unexpected format
 * @throws if the events have no summary. Such events are incomplete, because even a failed preview ends with a summary
 */
export function parseEvents(events: readonly unknown[], name: string): PreviewContent | undefined {
  const preview: PreviewContent = { steps: [], config: {}, diagnostics: [] };
  /**
   * The refreshes, imports and creates whose second event (`resOutputsEvent`) has not been read yet. {@link getStepKey} returns the
   * keys. The second event has the new state. If a refresh does not find the resource, the new state is missing. For a create, the
   * new state has the outputs that a plugin already knows in a preview.
   */
  const pending = new Map<string, PulumiStep>();
  let isComplete = false;
  for (const event of events) {
    const parsed = v.safeParse(engineEventSchema, event);
    if (!parsed.success) return undefined;
    const { preludeEvent, diagnosticEvent, resourcePreEvent, resOutputsEvent, summaryEvent } = parsed.output;
    if (summaryEvent !== undefined) isComplete = true;
    if (preludeEvent) preview.config = preludeEvent.config ?? {};
    if (diagnosticEvent && !diagnosticEvent.ephemeral && diagnosticEvent.severity !== "debug") {
      const { severity, message } = diagnosticEvent;
      // Remove the engine's color codes, such as `<{%reset%}>`.
      preview.diagnostics.push({ severity, message: message.replaceAll(/<\{%[^%]*%\}>/g, "") });
    }
    if (resourcePreEvent) {
      const step = toStep(resourcePreEvent.metadata);
      if (step.isRefresh || step.op === "import" || step.op === "create")
        pending.set(getStepKey(resourcePreEvent.metadata), step);
      preview.steps.push(step);
    }
    if (resOutputsEvent) {
      const { op, new: found } = resOutputsEvent.metadata;
      const key = getStepKey(resOutputsEvent.metadata);
      const step = pending.get(key);
      // In the second event of a refresh, some versions of the engine repeat the operation `refresh`. Other versions show the
      // result of the refresh, such as `update`.
      if (step) {
        if (found) Object.assign(step, { op, newState: found });
        else if (step.isRefresh) step.op = "delete";
      }
      pending.delete(key);
    }
  }
  if (!isComplete)
    throw new Error(
      `${name} is incomplete: it stops before the summary of the preview. Run the preview again.`,
    );
  return { ...preview, steps: markReferences(preview.steps) };
}

/**
 * Returns a key that is the same for both events of a step. The key contains the old ID, because the engine can concurrently
 * refresh a resource and the leftover of its interrupted replacement. Both have the same URN. The key of an import has no ID,
 * because the first event of an import has no old state.
 */
const getStepKey = ({ op, urn, old }: Metadata): string =>
  JSON.stringify([urn, op === "import" ? undefined : old?.fields.id]);

function toStep({ op, urn, old, new: next }: Metadata): PulumiStep {
  return { op, urn, isRefresh: op === "refresh", oldState: old, newState: next };
}
