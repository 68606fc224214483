import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import {
  describeKind,
  findRow,
  listRows,
  readEnd,
  readList,
  readPath,
  readString,
  readTypes,
  type Observation,
} from "../probes/read-response.js";

import {
  compareStatus,
  confirmIf,
  expectStatus,
  type Judge,
  judgeAll,
  judgeAny,
  judgeNames,
  judgeStep,
  judgeSuccess,
  refuted,
  unobserved,
} from "./judgment.js";
/** The judges of the list of connections. */
export const listJudges = {
  "list-status": judgeStep("list", (observation) => compareStatus(observation, 200)),
  "list-body": judgeSuccess("list", ({ json }) =>
    confirmIf(readList(json, "data") !== undefined, `\`data\` is ${describeKind(readPath(json, "data"))}`),
  ),
  "list-both-organizations": judgeSuccess("listOfSink", (observation, { connectionId }) =>
    connectionId === undefined
      ? unobserved("no connection was created")
      : confirmIf(
          findRow(observation, connectionId) !== undefined,
          "the list of the destination organization lacks the connection",
        ),
  ),
  "list-names": judgeSuccess("list", (observation, { connectionId }) =>
    judgeNames(findRow(observation, connectionId), true),
  ),
  "list-included": judgeSuccess("list", (observation) => {
    if ((listRows(observation) ?? []).length === 0) return unobserved("the list was empty");
    const types = listIncludedTypes(observation);
    if (!types) return refuted(`\`included\` is ${describeKind(readPath(observation.json, "included"))}`);
    return confirmIf(
      types.includes("orgs") && types.includes("users"),
      "`included` lacks organizations or users",
    );
  }),
  "list-included-order": judgeSuccess("list", (observation) => {
    const types = listIncludedTypes(observation) ?? [];
    if (!types.includes("orgs") || !types.includes("users"))
      return unobserved("`included` has no organizations and users");
    return confirmIf(types.lastIndexOf("orgs") < types.indexOf("users"), "a user before an organization");
  }),
  "list-empty": judgeAny([judgeEmpty("listBeyond"), judgeEmpty("listOtherSink")]),
  "list-totals": judgeSuccess("list", ({ json }) => {
    const [all, filtered] = [readTotal(json, "total_count"), readTotal(json, "total_filtered_count")];
    return confirmIf(
      all !== undefined && filtered !== undefined,
      `\`meta.page\` is ${describeKind(readPath(json, "meta", "page"))}`,
    );
  }),
  "list-total-ignores-filters": judgeSuccess("listOtherSink", (observation, evidence) => {
    const [total, all] = [
      readTotal(observation.json, "total_count"),
      readTotal(evidence.list?.json, "total_count"),
    ];
    if (total === undefined || all === undefined) return unobserved("the lists have no totals");
    if (listRows(observation)?.length !== 0 || all === 0) return unobserved("the filter had no effect");
    return confirmIf(total === all, "another total with a filter");
  }),
  "list-filtered-total-ignores-page": judgeSuccess("listBeyond", (observation, evidence) => {
    const [total, all] = [
      readTotal(observation.json, "total_filtered_count"),
      readTotal(evidence.list?.json, "total_filtered_count"),
    ];
    if (total === undefined || all === undefined) return unobserved("the lists have no totals");
    if (listRows(observation)?.length !== 0 || all === 0) return unobserved("the offset had no effect");
    return confirmIf(total === all, "another total on another page");
  }),
  "list-order": judgeSuccess("list", (observation) => {
    const times = (listRows(observation) ?? []).map((row) =>
      Date.parse(readString(row, "attributes", "created_at") ?? ""),
    );
    if (times.length < 2 || times.some(Number.isNaN))
      return unobserved("needs two connections with `created_at`");
    return confirmIf(
      times.every((time, at) => at === 0 || time >= (times[at - 1] ?? 0)),
      "an older connection after a newer one",
    );
  }),
  "list-current": judgeAll([
    judgeCurrent("listFirst", "list"),
    judgeCurrent("listUpdatedFirst", "listUpdated"),
    judgeCurrent("listDeletedFirst", "listDeleted"),
  ]),
  "list-filter-sink": judgeFilter("listOtherSink", "listSinkFilter", "sink_org"),
  "list-filter-source": judgeFilter("listOtherSource", "listSourceFilter", "source_org"),
  "list-filter-case": judgeSuccess("listUpperCase", (observation, evidence) => {
    if (evidence.sinkOrgId === evidence.sinkOrgId.toUpperCase()) return unobserved("the UUID has no letters");
    if (!findRow(evidence.listSinkFilter, evidence.connectionId))
      return unobserved("the filter found no connection");
    return confirmIf(findRow(observation, evidence.connectionId) !== undefined, "no connection");
  }),
  "list-limit": judgeSuccess("listLimitOne", (observation, { list }) => {
    const [rows, all] = [listRows(observation), listRows(list)];
    if (!rows || (all ?? []).length < 2) return unobserved("needs an organization with two connections");
    return confirmIf(rows.length === 1, `${rows.length} connections with a limit of 1`);
  }),
  "list-offset": judgeSuccess("listBeyond", (observation) => {
    const rows = listRows(observation);
    return rows
      ? confirmIf(rows.length === 0, "connections beyond the last one")
      : unobserved("no list was seen");
  }),
  "list-limit-maximum": expectStatus(400, "limitAbove"),
  "list-parameters-checked": expectStatus(400, "limitZero", "offsetNegative", "filterMalformed"),
} satisfies Partial<Record<AssumptionName, Judge>>;

function judgeEmpty(step: "listBeyond" | "listOtherSink"): Judge {
  return judgeSuccess(step, (observation) => {
    if (listRows(observation)?.length !== 0) return unobserved("no list was empty");
    const included = readPath(observation.json, "included");
    return confirmIf(included === undefined, `\`included\` is ${describeKind(included)}`);
  });
}

/** Compares the first list after a write with a later one. */
function judgeCurrent(
  first: "listFirst" | "listUpdatedFirst" | "listDeletedFirst",
  second: "list" | "listUpdated" | "listDeleted",
): Judge {
  return judgeSuccess(first, (observation, evidence) => {
    const later = evidence[second];
    if (!later || listRows(observation) === undefined || evidence.connectionId === undefined)
      return unobserved("no list was seen after the write");
    const [before, after] = [observation, later].map((one) => {
      const row = findRow(one, evidence.connectionId);
      return row === undefined ? "absent" : (readTypes(row)?.join() ?? "present");
    });
    return confirmIf(before === after, "a write that only a later list shows");
  });
}

/** Expects that a filter with an ID that nothing has finds nothing, and that one with a real ID finds only its connections. */
function judgeFilter(
  other: "listOtherSink" | "listOtherSource",
  own: "listSinkFilter" | "listSourceFilter",
  end: "sink_org" | "source_org",
): Judge {
  return judgeAll([
    judgeSuccess(other, (observation) => {
      const rows = listRows(observation);
      return rows
        ? confirmIf(rows.length === 0, "connections of another organization")
        : unobserved("no list was seen");
    }),
    judgeSuccess(own, (observation, evidence) => {
      if (evidence.connectionId === undefined) return unobserved("no connection was created");
      if (!findRow(observation, evidence.connectionId)) return refuted("the filter omits the connection");
      const expected = end === "sink_org" ? evidence.sinkOrgId : evidence.sourceOrgId;
      const others = (listRows(observation) ?? [])
        .map((row) => readEnd(row, end))
        .filter((id) => id !== undefined && id !== expected);
      return confirmIf(others.length === 0, "connections of another organization");
    }),
  ]);
}

const readTotal = (json: unknown, name: string): number | undefined => {
  const total = readPath(json, "meta", "page", name);
  return typeof total === "number" ? total : undefined;
};

const listIncludedTypes = ({ json }: Observation): unknown[] | undefined =>
  readList(json, "included")?.map((row) => readPath(row, "type"));
