import type {
  WireConnection,
  WireConnectionList,
  WireReference,
} from "datadog-org-connections-core/api/wire.js";
import type { StoredConnection } from "../state-file.js";
import { defineAssumption } from "./assumption.js";
import {
  changeBody,
  changeConnections,
  changeStatus,
  omitFields,
  type CreateDeviation,
} from "./deviation.js";

/** What the list of connections contains. */
export const listAssumptions = [
  defineAssumption(
    "list-status",
    "published",
    "A list gets the status 200.",
    "It gets 206.",
    changeStatus("listConnections", 206),
  ),
  defineAssumption(
    "list-body",
    "published",
    "A list has the connections in `data`.",
    "It has them in `connections`.",
    changeList(({ data, ...rest }) => ({ connections: data, ...rest })),
  ),
  defineAssumption(
    "list-both-organizations",
    "documented",
    "The source and the destination of a connection both list it.",
    "Only the source lists it.",
    changeList(({ data, ...rest }, callerId) => ({
      data: data.filter((row) => row.relationships.source_org?.data.id === callerId),
      ...rest,
    })),
  ),
  defineAssumption(
    "list-names",
    "recorded",
    "A listed connection has the names of both organizations and of the creator.",
    "It has no names.",
    changeConnections("listConnections", omitNames),
  ),
  defineAssumption(
    "list-included",
    "recorded",
    "A list with connections has `included`: their organizations and creators.",
    "It has no `included`.",
    changeList((list) => omitFields(list, "included")),
  ),
  defineAssumption(
    "list-included-order",
    "recorded",
    "`included` has the organizations first, then the users.",
    "The users come first.",
    changeList(({ included, ...rest }) => ({
      ...rest,
      ...(included && { included: [...included].reverse() }),
    })),
  ),
  defineAssumption(
    "list-empty",
    "recorded",
    "An empty list has no `included`.",
    "It has an empty `included`.",
    changeList((list) => (list.data.length === 0 ? { ...list, included: [] } : list)),
  ),
  defineAssumption(
    "list-totals",
    "recorded",
    "A list has `meta.page` with `total_count` and `total_filtered_count`.",
    "It has no `meta`.",
    changeList((list) => omitFields(list, "meta")),
  ),
  defineAssumption(
    "list-total-ignores-filters",
    "assumed",
    "`total_count` counts all connections of the caller, whatever the filters.",
    "It counts those that match the filters.",
    changeTotals(({ total_filtered_count: filtered }) => ({
      total_count: filtered,
      total_filtered_count: filtered,
    })),
  ),
  defineAssumption(
    "list-filtered-total-ignores-page",
    "assumed",
    "`total_filtered_count` counts the connections of all pages.",
    "It counts those of this page.",
    changeTotals(({ total_count }, { data }) => ({ total_count, total_filtered_count: data.length })),
  ),
  defineAssumption(
    "list-order",
    "recorded",
    "A list is in the order of `created_at`, the oldest connection first.",
    "The newest connection comes first.",
    sortNewestFirst(),
  ),
  defineAssumption(
    "list-current",
    "recorded",
    "A list shows each create, change and delete at once.",
    "The first list after a write shows the connections before it.",
    createStaleLists(),
  ),
];

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
