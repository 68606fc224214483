import * as v from "valibot";
import { json } from "datadog-org-connections-core/api/json.js";
import { usersOf } from "datadog-org-connections-core/api/parse-users.js";
import { ok, unknown, type Check } from "./check.js";
import type { Probe } from "./probe.js";

const keys = v.object({
  data: v.array(
    v.object({
      attributes: v.object({ last4: v.string() }),
      relationships: v.object({ owned_by: v.object({ data: v.object({ id: v.string() }) }) }),
    }),
  ),
  included: v.optional(v.unknown()),
});

/**
 * Who owns the application key: a connection shares what its creator may see, and ends with the creator's account. A
 * key is shown by its last four signs only, so the owner is certain when all keys that end so are of one user.
 */
export function ownerCheck({ applicationKeys }: Probe, appKey: string): Check {
  const parsed =
    applicationKeys?.answer?.status === 200
      ? v.safeParse(keys, json(applicationKeys.answer.text))
      : undefined;
  if (!parsed?.success) {
    return unknown(
      "owner",
      "Who owns the application key is shown only to keys that have `org_app_keys_read`.",
    );
  }
  const { data, included } = parsed.output;
  const owners = new Set(
    data
      .filter(({ attributes }) => attributes.last4 === appKey.slice(-4))
      .map(({ relationships }) => relationships.owned_by.data.id.toLowerCase()),
  );
  const [owner] = owners;
  const user = usersOf(included).find(({ id }) => id === owner);
  if (owners.size !== 1 || !user)
    return unknown("owner", "Who owns the application key cannot be told for certain.");
  const who = user.name ?? user.handle ?? user.email ?? user.id;
  if (user.serviceAccount === undefined) return unknown("owner", `The application key is ${who}'s.`);
  if (user.serviceAccount) return ok("owner", `The application key is that of the service account ${who}.`);
  return {
    check: "owner",
    verdict: "advice",
    found: `The application key is that of a person, ${who}: connections made with it end when that account is deactivated.`,
    next: "Use the application key of a service account.",
  };
}
