import * as v from "valibot";
import { resourceState, textsOf, type Preview, type Step } from "./step.js";

const metadata = v.object({
  op: v.string(),
  urn: v.string(),
  old: v.nullish(resourceState),
  new: v.nullish(resourceState),
});
const event = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config: v.nullish(v.record(v.string(), v.unknown())) })),
  diagnosticEvent: v.optional(
    v.object({ severity: v.string(), message: v.string(), ephemeral: v.optional(v.boolean(), false) }),
  ),
  resourcePreEvent: v.optional(v.object({ metadata })),
  resOutputsEvent: v.optional(v.object({ metadata })),
});

/** A preview from the engine's events; none when they are no such events. */
export function fromEvents(events: readonly unknown[]): Preview | undefined {
  const preview: Preview = { steps: [], config: {}, diagnostics: [] };
  /** The refresh under way, by URN: what it finds comes with its second event. */
  const refreshes = new Map<string, Step>();
  for (const one of events) {
    const parsed = v.safeParse(event, one);
    if (!parsed.success) return undefined;
    const { preludeEvent, diagnosticEvent, resourcePreEvent, resOutputsEvent } = parsed.output;
    if (preludeEvent) preview.config = textsOf(preludeEvent.config ?? {});
    if (diagnosticEvent && !diagnosticEvent.ephemeral && diagnosticEvent.severity !== "debug") {
      const { severity, message } = diagnosticEvent;
      preview.diagnostics.push({ severity, message: message.replaceAll(/<\{%[^%]*%\}>/g, "") });
    }
    if (resourcePreEvent) {
      const step = stepOf(resourcePreEvent.metadata);
      if (step.isRefresh) refreshes.set(step.urn, step);
      preview.steps.push(step);
    }
    if (resOutputsEvent) {
      const { op, urn, new: found } = resOutputsEvent.metadata;
      const refresh = refreshes.get(urn);
      // The operation of this event is "refresh" or what it came to, by the version of the engine.
      if (refresh) {
        if (found) refresh.new = found;
        refresh.op = found ? op : "delete";
      }
      refreshes.delete(urn);
    }
  }
  return preview;
}

function stepOf({ op, urn, old, new: wanted }: v.InferOutput<typeof metadata>): Step {
  return {
    op,
    urn,
    hasDetails: false,
    isRefresh: op === "refresh",
    ...(old && { old }),
    ...(wanted && { new: wanted }),
  };
}
