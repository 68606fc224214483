import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import type {
  WireConnection,
  WireConnectionList,
  WireManagedOrganizations,
  WireReference,
} from "datadog-org-connections-core/api/wire.js";
import type { StoredConnection } from "../../../sandbox/src/state-file.js";
import {
  changeBody,
  changeConnections,
  changeRequests,
  changeResponses,
  changeStatus,
  type CreateDeviation,
  omitFields,
} from "./deviation.js";

const CONNECTION_ROUTES = ["listConnections", "createConnection", "updateConnection"] as const;

/** What all responses, and all connections in them, have in common. */
export const responseDeviations = {
  "json-content-type": changeResponses((response) => ({
    ...response,
    headers: { ...response.headers, "Content-Type": "text/plain" },
  })),
  "error-body": changeResponses((response) =>
    response.status < 400
      ? undefined
      : { ...response, body: { errors: listMessages(response.body).map(toObject) } },
  ),
  "connection-type": changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, type: "org_connections" })),
  "connection-id": changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, id: row.id.toUpperCase() })),
  "connection-created-at": changeConnections(CONNECTION_ROUTES, (row) => ({
    ...row,
    attributes: { ...row.attributes, created_at: `${row.attributes.created_at.slice(0, 23)}Z` },
  })),
  "connection-source": changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "source_org")),
  "connection-sink": changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "sink_org")),
  "connection-creator": changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "created_by")),
  "connection-references": changeConnections(CONNECTION_ROUTES, (row) => ({
    ...row,
    relationships: Object.fromEntries(
      Object.entries(row.relationships).map(([name, reference]: [string, WireReference]) => [
        name,
        { data: { ...reference.data, type: reference.data.type.slice(0, -1) } },
      ]),
    ),
  })),
};

function omitRelationship(row: WireConnection, name: string): unknown {
  return { ...row, relationships: omitFields(row.relationships, name) };
}

const listMessages = (body: unknown): string[] => (body as { errors?: string[] }).errors ?? [];

const toObject = (detail: string) => ({ title: "Error", detail });

/** What the list of connections contains. */
export const listDeviations = {
  "list-status": changeStatus("listConnections", 206),
  "list-body": changeList(({ data, ...rest }) => ({ connections: data, ...rest })),
  "list-both-organizations": changeList(({ data, ...rest }, callerId) => ({
    data: data.filter((row) => row.relationships.source_org?.data.id === callerId),
    ...rest,
  })),
  "list-names": changeConnections("listConnections", omitNames),
  "list-included": changeList((list) => omitFields(list, "included")),
  "list-included-order": changeList(({ included, ...rest }) => ({
    ...rest,
    ...(included && { included: [...included].reverse() }),
  })),
  "list-empty": changeList((list) => (list.data.length === 0 ? { ...list, included: [] } : list)),
  "list-totals": changeList((list) => omitFields(list, "meta")),
  "list-total-ignores-filters": changeTotals(({ total_filtered_count: filtered }) => ({
    total_count: filtered,
    total_filtered_count: filtered,
  })),
  "list-filtered-total-ignores-page": changeTotals(({ total_count }, { data }) => ({
    total_count,
    total_filtered_count: data.length,
  })),
  "list-order": sortNewestFirst(),
  "list-current": createStaleLists(),
};

function changeList(change: (list: WireConnectionList, callerId: string) => unknown): CreateDeviation {
  return changeBody("listConnections", (body, { caller }) =>
    change(body as WireConnectionList, caller.organization?.id ?? ""),
  );
}

type Totals = NonNullable<WireConnectionList["meta"]>["page"];

function changeTotals(change: (totals: Totals, list: WireConnectionList) => Totals): CreateDeviation {
  return changeList((list) => (list.meta ? { ...list, meta: { page: change(list.meta.page, list) } } : list));
}

/** Lists the newest connections first, on all pages. */
function sortNewestFirst(): CreateDeviation {
  return () => (call, proceed) => {
    if (call.match.route !== "listConnections") return proceed();
    const { store } = call;
    return store.simulate(() => {
      store.replaceConnections([...store.connections].reverse());
      return proceed();
    });
  };
}

/** Lets the first list after each write show the connections before it. */
function createStaleLists(): CreateDeviation {
  return () => {
    let stale: readonly StoredConnection[] | undefined;
    return ({ store, match }, proceed) => {
      const before = store.connections;
      if (match.route === "listConnections" && stale) {
        const shown = stale;
        stale = undefined;
        return store.simulate(() => {
          store.replaceConnections(shown);
          return proceed();
        });
      }
      const outcome = proceed();
      if (store.connections !== before) stale = before;
      return outcome;
    };
  };
}

/** Removes the names of the three relationships. */
export function omitNames(row: WireConnection): unknown {
  const references: [string, WireReference][] = Object.entries(row.relationships);
  const relationships = references.map(([name, { data }]): [string, unknown] => [
    name,
    { data: { type: data.type, id: data.id } },
  ]);
  return { ...row, relationships: Object.fromEntries(relationships) };
}

/** No organization of a seed may have it: it is the nil UUID. */
const NO_ORGANIZATION = "00000000-0000-0000-0000-000000000000";

/** What the parameters of a list do. */
export const listParameterDeviations = {
  "list-filter-sink": ignoreParameter("sink_org_id"),
  "list-filter-source": ignoreParameter("source_org_id"),
  "list-filter-case": changeQuery((query) => {
    for (const name of ["sink_org_id", "source_org_id"]) {
      const id = query.get(name);
      if (id !== null && id !== id.toLowerCase()) query.set(name, NO_ORGANIZATION);
    }
  }),
  "list-limit": changeQuery((query) => isBetween(query.get("limit"), 1, PAGE_LIMIT) && query.delete("limit")),
  "list-offset": changeQuery(
    (query) => isBetween(query.get("offset"), 0, Infinity) && query.delete("offset"),
  ),
  "list-limit-maximum": changeQuery(
    (query) => isBetween(query.get("limit"), PAGE_LIMIT + 1, Infinity) && query.delete("limit"),
  ),
  "list-parameters-checked": changeQuery((query) => {
    for (const [name, value] of [...query]) {
      const isValid = name === "limit" || name === "offset" ? /^[1-9]\d*$|^0./ : /^.{36}$/;
      if (!isValid.test(value) && value !== "0") query.delete(name);
      if (name === "limit" && value === "0") query.delete(name);
    }
  }),
};

function changeQuery(change: (query: URLSearchParams) => unknown): CreateDeviation {
  return changeRequests((call) => {
    if (call.match.route !== "listConnections") return undefined;
    const query = new URLSearchParams(call.query);
    change(query);
    return { query };
  });
}

function ignoreParameter(name: string): CreateDeviation {
  return changeQuery((query) => isUuid(query.get(name)) && query.delete(name));
}

const isUuid = (text: string | null): boolean => text?.length === 36;

const isBetween = (text: string | null, minimum: number, maximum: number): boolean =>
  text !== null && /^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;

/** The list of organizations. */
export const organizationDeviations = {
  "organizations-type": changeOrganizations((list) => ({ ...list, data: { ...list.data, type: "orgs" } })),
  "organizations-id": changeOrganizations((list) => ({
    ...list,
    data: { ...list.data, id: list.data.id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
  })),
  "organizations-current": changeOrganizations(({ data, ...rest }) => ({
    data: { ...data, relationships: { managed_orgs: data.relationships.managed_orgs } },
    ...rest,
  })),
  "organizations-managed": changeOrganizations(({ data, ...rest }) => ({
    data: { ...data, relationships: { current_org: data.relationships.current_org } },
    ...rest,
  })),
  "organizations-included": changeOrganizations(({ included, ...rest }) => ({
    ...rest,
    included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "name") })),
  })),
  "organizations-disabled": changeOrganizations(({ included, ...rest }) => ({
    ...rest,
    included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "disabled") })),
  })),
  "organizations-filter": changeRequests(({ match, query }) => {
    if (match.route !== "listOrganizations") return undefined;
    const others = new URLSearchParams(query);
    others.delete("filter[name]");
    return { query: others };
  }),
};

function changeOrganizations(change: (list: WireManagedOrganizations) => unknown): CreateDeviation {
  return changeBody("listOrganizations", (body) => change(body as WireManagedOrganizations));
}

/** The rate limit. */
export const rateLimitDeviations = {
  "rate-limit-headers": changeResponses(({ headers, ...response }) => ({
    ...response,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).filter(([name]) => name !== "X-RateLimit-Period"),
    ),
  })),
  "rate-limit-reset": changeResponses(({ headers, ...response }) => {
    const reset = headers?.["X-RateLimit-Reset"];
    if (reset === undefined) return undefined;
    const time = Math.ceil(Date.now() / 1000) + Number(reset);
    return { ...response, headers: { ...headers, "X-RateLimit-Reset": String(time) } };
  }),
};
