import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import {
  describeKind,
  findConnection,
  findRow,
  isSuccess,
  readEnd,
  readList,
  readPath,
  readString,
} from "../probes/read-response.js";
import type { Evidence } from "../probes/probe.js";
import {
  confirmed,
  confirmIf,
  type Judge,
  type Judgment,
  listObservations,
  refuted,
  unobserved,
} from "./judgment.js";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ENDS = ["source_org", "sink_org", "created_by"] as const;

/** The judges of what all responses, and all connections in them, have in common. */
export const responseJudges = {
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
} satisfies Partial<Record<AssumptionName, Judge>>;

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

const NAMES = ["limit", "period", "remaining", "reset", "name"].map((name) => `x-ratelimit-${name}`);
/** No window of a rate limit is longer than a day, in seconds. A time of day is a much larger number. */
const MAX_PERIOD = 86_400;

/** The judges of the rate limit headers, of any response that has one. */
export const rateLimitJudges = {
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
} satisfies Partial<Record<AssumptionName, Judge>>;

const listLimited = (evidence: Parameters<Judge>[0]) =>
  listObservations(evidence)
    .map(({ headers }) => headers)
    .filter((headers) => NAMES.some((name) => headers[name] !== undefined));
