import type {
  WireConnection,
  WireConnectionList,
  WireReference,
} from "datadog-org-connections-core/api/wire.js";
import type { StoredConnection } from "../../../sandbox/src/state-file.js";
import {
  deviate,
  changeBody,
  changeConnections,
  changeStatus,
  omitFields,
  type CreateDeviation,
} from "./deviation.js";

/** What the list of connections contains. */
export const listDeviations = {
  "list-status": deviate("It gets 206.", changeStatus("listConnections", 206)),
  "list-body": deviate(
    "It has them in `connections`.",
    changeList(({ data, ...rest }) => ({ connections: data, ...rest })),
  ),
  "list-both-organizations": deviate(
    "Only the source lists it.",
    changeList(({ data, ...rest }, callerId) => ({
      data: data.filter((row) => row.relationships.source_org?.data.id === callerId),
      ...rest,
    })),
  ),
  "list-names": deviate("It has no names.", changeConnections("listConnections", omitNames)),
  "list-included": deviate(
    "It has no `included`.",
    changeList((list) => omitFields(list, "included")),
  ),
  "list-included-order": deviate(
    "The users come first.",
    changeList(({ included, ...rest }) => ({
      ...rest,
      ...(included && { included: [...included].reverse() }),
    })),
  ),
  "list-empty": deviate(
    "It has an empty `included`.",
    changeList((list) => (list.data.length === 0 ? { ...list, included: [] } : list)),
  ),
  "list-totals": deviate(
    "It has no `meta`.",
    changeList((list) => omitFields(list, "meta")),
  ),
  "list-total-ignores-filters": deviate(
    "It counts those that match the filters.",
    changeTotals(({ total_filtered_count: filtered }) => ({
      total_count: filtered,
      total_filtered_count: filtered,
    })),
  ),
  "list-filtered-total-ignores-page": deviate(
    "It counts those of this page.",
    changeTotals(({ total_count }, { data }) => ({ total_count, total_filtered_count: data.length })),
  ),
  "list-order": deviate("The newest connection comes first.", sortNewestFirst()),
  "list-current": deviate(
    "The first list after a write shows the connections before it.",
    createStaleLists(),
  ),
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
