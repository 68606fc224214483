import * as v from "valibot";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Recorded, RecordedSet, Wanted } from "datadog-org-connections-core/index.js";
import { normalise } from "datadog-org-connections-core/connection/inputs.js";
import { requireInputs } from "datadog-org-connections-core/connection/one-input.js";
import { isKnown, normaliseSet } from "datadog-org-connections-core/connection-set/inputs.js";
import type { Known } from "datadog-org-connections-core/connection/types.js";
import type { PlannedSet, WantedSet } from "datadog-org-connections-core/connection-set/types.js";

const text = v.optional(v.string());
const flag = v.optional(v.boolean());
const types = v.array(v.string());
/** An id becomes part of a path: see the client's parser. */
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/, "not an id"));

const single = v.object({
  source: text,
  sinkOrgId: v.string(),
  connectionTypes: types,
  unmanagedTypes: flag,
  adopt: flag,
  reason: text,
  sourceOrgId: text,
  sourceOrgName: text,
  sinkOrgName: text,
  createdAt: v.string(),
  createdBy: text,
});
const member = v.object({ id, sinkOrgName: text, createdAt: v.string(), createdBy: text });
const set = v.object({
  source: text,
  connections: v.record(v.string(), types),
  exclusive: flag,
  adopt: flag,
  reason: text,
  members: v.record(v.string(), member),
  strangers: v.optional(v.record(v.string(), id)),
  sourceOrgId: v.string(),
  sourceOrgName: text,
});

const anything = v.record(v.string(), v.unknown());

/** What the engine passes, without the provider's line, which is the host's affair. */
export function parseFields(properties: unknown): Record<string, unknown> {
  const fields = v.parse(anything, properties);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "__provider"));
}

/** The checked inputs of a single connection. @throws `invalid-input` */
export const parseInputs = (properties: unknown): Wanted => requireInputs(normalise(parseFields(properties)));

/** The checked inputs of a set; in a preview its destinations may not be known yet. @throws `invalid-input` */
export const parsePlannedSet = (properties: unknown): PlannedSet =>
  requireInputs(normaliseSet(parseFields(properties)));

/** The checked inputs of a set that is to be changed. @throws `invalid-input` */
export function parseSetInputs(properties: unknown): WantedSet {
  const planned = parsePlannedSet(properties);
  if (isKnown(planned)) return planned;
  throw new OrgConnectionsError("invalid-input", "`connections` is not known. Nothing was changed.");
}

/** The state of a single connection. @throws `invalid-state` */
export const parseState = (state: unknown): Recorded => parse(single, state);

/** The state of a single connection, or of a view of one: that has a `source` only. @throws `invalid-state` */
export const parseViewState = (state: unknown): Known<Recorded> => parse(v.partial(single), state);

/**
 * The state of a set of connections. Each that it shares is a member, or was found undeclared: one that is neither has no id,
 * so that a deletion of the set would leave it live and succeed.
 *
 * @throws `invalid-state`
 */
export function parseSetState(properties: unknown): RecordedSet {
  const state = parse(set, properties);
  const { connections, members, strangers = {} } = state;
  const lost = Object.keys(connections).find(
    (sink) => !Object.hasOwn(members, sink) && !Object.hasOwn(strangers, sink),
  );
  if (lost !== undefined) throw refusal(`connections.${lost}`);
  return state;
}

/** A backend holds the state, and people edit it: what is not of its form is refused before anything is done. */
function parse<Schema extends v.GenericSchema>(schema: Schema, state: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, withoutNulls(state));
  if (parsed.success) return parsed.output;
  throw refusal(v.getDotPath(parsed.issues[0]));
}

function refusal(path: string | null): OrgConnectionsError {
  const where = path === null ? "" : ` (see \`${path}\`)`;
  return new OrgConnectionsError("invalid-state", {
    happened: `The state of this resource does not have the form that this package writes${where}. Nothing was done.`,
    advice:
      `Restore an earlier state of the stack, or take the resource out of it with \`pulumi state delete\` ` +
      `and declare it with \`adopt: true\`.`,
  });
}

/** The engine has `null` for a property without a value. */
function withoutNulls(state: unknown): unknown {
  if (typeof state !== "object" || state === null) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}
