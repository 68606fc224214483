import { changesOf } from "../../changes/changes.js";
import { Known } from "../../changes/known.js";
import type { StateResource } from "../../stack/state.js";
import type { Preview } from "../../stack/step.js";
import { labelOf } from "datadog-org-connections-core/credentials/resolve.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { aFewAtATime } from "datadog-org-connections-core/operation/a-few-at-a-time.js";
import type { StackPlace } from "../../stack/pulumi.js";
import { parsePreviewConfig, type PreviewConfig } from "./preview-config.js";
import type { Progress } from "../../shared/progress.js";

/** How many organizations are asked at once. */
const AT_ONCE = 8;
/** How many refusals are told one by one. */
const TOLD = 5;

interface Question {
  preview: Preview;
  state: readonly StateResource[] | undefined;
  /** The stack whose configuration holds keys; none: only the environment does. */
  place: StackPlace | undefined;
  env: Readonly<Record<string, string | undefined>>;
  progress: Progress;
}

/**
 * Asks Datadog for the names of organizations and creators and for what is live, with the keys of each source in the
 * preview. Only reads. What cannot be asked is a note, and no failure: names are a help.
 */
export async function lookUp(question: Question): Promise<{ known: Known; notes: string[] }> {
  const { preview, state, env, progress } = question;
  const known = new Known(true);
  const { config, hidden } = await configOf(question);
  const sessions = new Sessions(
    () => ({ config, env }),
    (waiting) => progress.at(waiting),
  );
  const sources = sourcesIn(preview, state);
  let done = 0;
  const failures = await aFewAtATime(sources, AT_ONCE, async (source) => {
    const refusal = source === undefined ? undefined : hidden;
    const failure = refusal ?? (await ask(sessions, source, known));
    progress.at(`${++done} of ${sources.length} organizations looked up`);
    return failure === undefined ? [] : [`Not looked up, ${labelOf(source)}: ${failure}`];
  });
  const notes = failures.flat();
  const more = notes.length - TOLD;
  return { known, notes: more > 0 ? [...notes.slice(0, TOLD), `${more} more were not looked up.`] : notes };
}

/** The configuration in plain text where a stack is named; else what may be taken from that of the preview. */
async function configOf({ preview, place, env }: Question): Promise<PreviewConfig> {
  if (!place) return parsePreviewConfig(preview.config, env);
  const { readConfig } = await import("../../stack/pulumi.js");
  const values = await readConfig(place);
  return { config: (key) => values[key] };
}

/** The sources of all that changes, by their names in the program. */
function sourcesIn(preview: Preview, state: readonly StateResource[] | undefined): (string | undefined)[] {
  const { changes, saidGone } = changesOf(preview, state);
  const ends = [
    ...changes.flatMap(({ before, after }) => [before?.source, after?.source]),
    ...saidGone.map(({ source }) => source),
  ];
  return [
    ...new Set(
      ends.flatMap((source) =>
        source?.isDefault === true ? [undefined] : source?.alias !== undefined ? [source.alias] : [],
      ),
    ),
  ];
}

async function ask(
  sessions: Sessions,
  source: string | undefined,
  known: Known,
): Promise<string | undefined> {
  try {
    const session = sessions.for(source);
    const [caller, listing] = await Promise.allSettled([
      organizations(session, source, known),
      connections(session, known),
    ]);
    if (caller.status === "rejected") return text(caller.reason);
    if (listing.status === "rejected") return text(listing.reason);
    known.listing(caller.value);
    return undefined;
  } catch (error) {
    return text(error);
  }
}

/** Answers the organization that the keys are proven to belong to. */
async function organizations(session: Session, source: string | undefined, known: Known): Promise<string> {
  const { callerId, organizations: seen } = await session.organizations();
  known.source(source, callerId);
  for (const { id, name } of seen) known.name(id, name);
  return callerId;
}

async function connections(session: Session, known: Known): Promise<void> {
  const { connections: seen, users = [] } = await session.listing();
  for (const user of users) known.user(user);
  for (const { id, source, sink, createdBy, createdAt, connectionTypes } of seen) {
    known.name(source?.id, source?.name);
    known.name(sink?.id, sink?.name);
    if (createdBy) known.user(createdBy);
    known.connectionId(id);
    if (!source || !sink) continue;
    known.connection({
      id,
      sourceOrgId: source.id,
      sinkOrgId: sink.id,
      connectionTypes,
      createdAt,
      ...(createdBy && { createdBy }),
    });
  }
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
