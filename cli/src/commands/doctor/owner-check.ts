import * as v from "valibot";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { parseUsers } from "datadog-org-connections-core/api/parse.js";
import { createOk, createUnknown, type Check } from "./check.js";
import { isRefusal } from "./key-checks.js";
import { APPLICATION_KEY_LIMIT, type Probe } from "./probe.js";
import { findRequestFailure } from "./request-failures.js";

const applicationKeyListSchema = v.object({
  data: v.array(
    v.object({
      attributes: v.object({ last4: v.string() }),
      relationships: v.object({ owned_by: v.object({ data: v.object({ id: v.string() }) }) }),
    }),
  ),
  included: v.optional(v.unknown()),
});

/**
 * Checks who owns the application key. The owner becomes the creator of connections. A connection shares what its creator may read,
 * and is deleted when its creator is deactivated:
 * https://docs.datadoghq.com/account_management/org_settings/cross_org_visibility/
 *
 * The list of application keys shows only the last four characters of each key, and doctor reads only the first page. So the owner
 * is certain only if this page is the complete list. In addition, all keys with the last four characters of `appKey` must belong to
 * one user.
 */
export function checkKeyOwner({ applicationKeys }: Probe, appKey: string): Check {
  const response = applicationKeys?.response;
  if (isRefusal(response)) {
    return createUnknown(
      "owner",
      "The owner of the application key could not be read. It is visible only with the permission `org_app_keys_read`.",
    );
  }
  const parsed = v.safeParse(
    applicationKeyListSchema,
    response?.status === 200 ? parseJson(response.text) : undefined,
  );
  if (!parsed.success) {
    return (
      findRequestFailure("owner", applicationKeys) ??
      createUnknown(
        "owner",
        "The owner of the application key could not be read: Datadog sent no usable response.",
      )
    );
  }
  const { data, included } = parsed.output;
  const owners = new Set(
    data
      .filter(({ attributes }) => attributes.last4 === appKey.slice(-4))
      .map(({ relationships }) => relationships.owned_by.data.id.toLowerCase()),
  );
  if (data.length >= APPLICATION_KEY_LIMIT) {
    return createUnknown(
      "owner",
      `The owner of the application key cannot be determined: only the first ${APPLICATION_KEY_LIMIT} application keys are read, and the organization may have more.`,
    );
  }
  const [owner] = owners;
  const user = parseUsers(included).find(({ id }) => id === owner);
  if (owners.size !== 1 || !user)
    return createUnknown(
      "owner",
      "The owner of the application key cannot be determined: the list of application keys shows only the last four characters of each key, and those of this key do not identify exactly one user.",
    );
  const ownerName = user.name ?? user.handle ?? user.email ?? user.id;
  if (user.serviceAccount === undefined)
    return createUnknown(
      "owner",
      `The application key belongs to ${ownerName}. It is unknown whether this user is a service account.`,
    );
  if (user.serviceAccount)
    return createOk("owner", `The application key belongs to the service account ${ownerName}.`);
  return {
    check: "owner",
    verdict: "advice",
    found: `The application key belongs to a person, ${ownerName}. When this user is deactivated, Datadog deletes the connections that were created with this key.`,
    next: "Use the application key of a service account.",
  };
}
