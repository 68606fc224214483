import {
  describeKind,
  findConnection,
  findRow,
  isSuccess,
  listRows,
  readEnd,
  readList,
  readPath,
  readString,
  readTypes,
  type Observation,
} from "../probes/read-response.js";
import type { Evidence } from "../probes/probe.js";
import {
  compareStatus,
  confirmed,
  confirmIf,
  expectStatus,
  type Judge,
  judgeAll,
  judgeAny,
  judgeNames,
  judgeStep,
  judgeSuccess,
  type Judgment,
  listObservations,
  refuted,
  unobserved,
} from "./judgment.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ENDS = ["source_org", "sink_org", "created_by"] as const;

/** The judges of what all responses, and all connections in them, have in common. */
export const responseJudges: Record<string, Judge> = {
  "json-content-type": (evidence) => {
    const withBody = listObservations(evidence).filter(({ text }) => text !== "");
    if (withBody.length === 0) return unobserved("no response had a body");
    const others = withBody
      .map(({ headers }) => headers["content-type"])
      .filter((type) => !/^application\/json\s*(;|$)/i.test(type ?? ""));
    const [first] = others;
    return confirmIf(
      others.length === 0,
      `${others.length} of the responses have ${first === undefined ? "no content type" : "another content type"}`,
    );
  },
  "error-body": (evidence) => {
    const refusals = listObservations(evidence).filter(({ status }) => status >= 400);
    if (refusals.length === 0) return unobserved("no request was refused");
    const other = refusals.find(({ json }) => !isErrorList(json));
    if (!other) return confirmed;
    const what = describeKind(readPath(other.json, "errors"));
    const inside = describeKind(readPath(other.json, "errors", 0));
    return refuted(`status ${other.status} with ${what} as \`errors\`, whose first entry is ${inside}`);
  },
  "connection-type": judgeConnections((row) => {
    const type = readPath(row, "type");
    return confirmIf(type === "org_connection", `\`type\` is ${describeText(type)}`);
  }),
  "connection-id": judgeConnections((row) => {
    const id = readString(row, "id");
    if (id === undefined) return refuted(`\`id\` is ${describeKind(readPath(row, "id"))}`);
    if (!UUID.test(id)) return refuted("`id` is not a UUID");
    return confirmIf(id === id.toLowerCase(), "`id` is a UUID with letters in upper case");
  }),
  "connection-created-at": judgeConnections((row) => {
    const time = readString(row, "attributes", "created_at");
    return confirmIf(
      time !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/.test(time),
      time === undefined ? "no string" : `the form ${time.slice(0, 40).replaceAll(/\d/g, "0")}`,
    );
  }),
  "connection-source": judgeConnections((row, evidence) => judgeEnd(row, "source_org", evidence.sourceOrgId)),
  "connection-sink": judgeConnections((row, evidence) => judgeEnd(row, "sink_org", evidence.sinkOrgId)),
  "connection-creator": judgeConnections((row) => {
    const id = readString(row, "relationships", "created_by", "data", "id");
    return confirmIf(
      UUID.test(id ?? ""),
      id === undefined ? "no `created_by` with an id" : "the id is no UUID",
    );
  }),
  "connection-references": judgeConnections((row) => {
    const found = ENDS.map((name) => [name, readPath(row, "relationships", name, "data", "type")] as const);
    const known = found.filter(([, type]) => type !== undefined);
    if (known.length === 0) return unobserved("the connections have no references");
    const other = known.find(([name, type]) => type !== (name === "created_by" ? "users" : "orgs"));
    return confirmIf(!other, `the type in \`${other?.[0] ?? ""}\` is another one`);
  }),
};

/** Judges the connection in the list and in the responses to its create and its update. */
function judgeConnections(judge: (row: unknown, evidence: Evidence) => Judgment): Judge {
  return (evidence) => {
    const rows = listConnections(evidence);
    if (rows.length === 0) return unobserved("no connection was seen");
    const judgments = rows.map((row) => judge(row, evidence));
    return (
      judgments.find(({ verdict }) => verdict === "refuted") ??
      judgments.find(({ verdict }) => verdict === "confirmed") ??
      judgments[0] ??
      confirmed
    );
  };
}

/** The connection of the run, as each response shows it. */
function listConnections(evidence: Evidence): unknown[] {
  const listed = findRow(evidence.list, evidence.connectionId);
  const written = [evidence.create, evidence.update].flatMap((one) => {
    const row = isSuccess(one) ? findConnection(one) : undefined;
    return row === undefined ? [] : [row];
  });
  return [...(listed === undefined ? [] : [listed]), ...written];
}

function judgeEnd(row: unknown, end: "source_org" | "sink_org", expected: string): Judgment {
  const id = readEnd(row, end);
  return confirmIf(
    id === expected,
    id === undefined ? `no \`${end}\` with an id` : "the id of another organization",
  );
}

const isErrorList = (json: unknown): boolean => {
  const errors = readList(json, "errors");
  return errors !== undefined && errors.length > 0 && errors.every((error) => typeof error === "string");
};

/** Describes a name of a type. It has no name of a person or an organization. */
const describeText = (value: unknown): string =>
  typeof value === "string" && /^[a-z_]{1,40}$/.test(value) ? `\`${value}\`` : describeKind(value);

/** The judges of the list of connections. */
export const listJudges: Record<string, Judge> = {
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
};

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

const NAMES = ["limit", "period", "remaining", "reset", "name"].map((name) => `x-ratelimit-${name}`);
/** No window of a rate limit is longer than a day, in seconds. A time of day is a much larger number. */
const MAX_PERIOD = 86_400;

/** The judges of the rate limit headers, of any response that has one. */
export const rateLimitJudges: Record<string, Judge> = {
  "rate-limit-headers": (evidence) => {
    const limited = listLimited(evidence);
    if (limited.length === 0) return unobserved("no response had a rate limit header");
    const missing = NAMES.filter((name) => limited.some((headers) => headers[name] === undefined));
    return missing.length === 0 ? confirmed : refuted(`responses without ${missing.join(", ")}`);
  },
  "rate-limit-reset": (evidence) => {
    const resets = listLimited(evidence).flatMap((headers) => headers["x-ratelimit-reset"] ?? []);
    if (resets.length === 0) return unobserved("no response had the header");
    const other = resets.find((reset) => !/^\d+$/.test(reset) || Number(reset) > MAX_PERIOD);
    if (other === undefined) return confirmed;
    return refuted(/^\d+$/.test(other) ? `${other.length} digits` : "no whole number");
  },
};

const listLimited = (evidence: Parameters<Judge>[0]) =>
  listObservations(evidence)
    .map(({ headers }) => headers)
    .filter((headers) => NAMES.some((name) => headers[name] !== undefined));
