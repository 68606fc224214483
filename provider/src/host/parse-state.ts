import * as v from "valibot";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Recorded, RecordedSet } from "datadog-org-connections-core/index.js";
import { definedOnly } from "datadog-org-connections-core/connection/records.js";

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

/** The state of a single connection. @throws `invalid-state` */
export const parseState = (state: unknown): Recorded => definedOnly<Recorded>(parse(single, state));

/** The state of a single connection, or of a view of one: that has a `source` only. @throws `invalid-state` */
export const parseViewState = (state: unknown): Partial<Recorded> =>
  definedOnly<Partial<Recorded>>(parse(v.partial(single), state));

/**
 * The state of a set of connections. Each that it shares is a member, or was found undeclared: one that is neither has no id,
 * so that a deletion of the set would leave it live and succeed.
 *
 * @throws `invalid-state`
 */
export function parseSetState(state: unknown): RecordedSet {
  const { members, ...rest } = parse(set, state);
  const { connections, strangers = {} } = rest;
  const lost = Object.keys(connections).find(
    (sink) => !Object.hasOwn(members, sink) && !Object.hasOwn(strangers, sink),
  );
  if (lost !== undefined) throw refusal(`connections.${lost}`);
  return definedOnly<RecordedSet>({
    ...rest,
    members: Object.fromEntries(
      Object.entries(members).map(([sink, one]) => [sink, definedOnly<RecordedSet["members"][string]>(one)]),
    ),
  });
}

/** A backend holds the state, and people edit it: what is not of its form is refused before anything is done. */
function parse<Schema extends v.GenericSchema>(schema: Schema, state: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, withoutNulls(state));
  if (parsed.success) return parsed.output;
  throw refusal(v.getDotPath(parsed.issues[0]));
}

function refusal(path: string | null): OrgConnectionsError {
  const where = path === null ? "" : ` (see \`${path}\`)`;
  return new OrgConnectionsError(
    "invalid-state",
    `The state of this resource does not have the form that this package writes${where}. ` +
      `Nothing was done. Restore an earlier state of the stack, or take the resource out of it with \`pulumi state delete\` ` +
      `and declare it with \`adopt: true\`.`,
  );
}

/** The engine has `null` for a property without a value. */
function withoutNulls(state: unknown): unknown {
  if (typeof state !== "object" || state === null) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}
