import { isSuccess, readPath, type Observation } from "../probes/read-response.js";
import type { Evidence, Requirement, Step } from "../probes/probe.js";

/** What a run says about one assumption. */
export type Judgment =
  | { verdict: "confirmed" }
  /** `observed` has statuses, names of headers and kinds of values. It has no value of a response. */
  | { verdict: "refuted"; observed: string }
  | { verdict: "not seen"; reason: string };

/** Judges one assumption by what was seen. Never throws, whatever that is. */
export type Judge = (evidence: Evidence) => Judgment;

export const confirmed: Judgment = { verdict: "confirmed" };
export const refuted = (observed: string): Judgment => ({ verdict: "refuted", observed });
export const unobserved = (reason: string): Judgment => ({ verdict: "not seen", reason });

/** Confirms if a condition holds. */
export const confirmIf = (condition: boolean, observed: string): Judgment =>
  condition ? confirmed : refuted(observed);

/** Judges the response to a step. Not seen if the step has none. */
export const judgeStep =
  (
    step: Step,
    judge: (observation: Observation, evidence: Evidence) => Judgment,
    requirement?: Requirement,
  ): Judge =>
  (evidence) => {
    const observation = evidence[step];
    if (observation) return judge(observation, evidence);
    const missing = requirement && evidence.missing[requirement];
    return unobserved(missing ?? "no response to the request was seen");
  };

/** Judges the response to a step that must be a success. Not seen if it is none. */
export const judgeSuccess = (
  step: Step,
  judge: (observation: Observation, evidence: Evidence) => Judgment,
  requirement?: Requirement,
): Judge =>
  judgeStep(
    step,
    (observation, evidence) =>
      isSuccess(observation) ? judge(observation, evidence) : unobserved(formatRefused(observation)),
    requirement,
  );

/** Expects a status. */
export const expectStatus = (status: number, ...steps: readonly [Step, ...Step[]]): Judge =>
  judgeAll(steps.map((step) => judgeStep(step, (observation) => compareStatus(observation, status))));

/** Judges a call that an API may lack, which is no statement about what the call does. */
export const ifImplemented =
  (step: Step, judge: Judge): Judge =>
  (evidence) =>
    [404, 405, 501].includes(evidence[step]?.status ?? 0)
      ? unobserved("the API does not have this call")
      : judge(evidence);

/** Expects a status of a step that needs more credentials. */
export const expectStatusWith = (requirement: Requirement, status: number, step: Step): Judge =>
  judgeStep(step, (observation) => compareStatus(observation, status), requirement);

/** Expects that a request is allowed, with any status of success. */
export const expectAllowed = (step: Step, requirement?: Requirement): Judge =>
  judgeStep(
    step,
    (observation) => confirmIf(isSuccess(observation), `status ${observation.status}`),
    requirement,
  );

/** Expects the first message of a refusal, in any case of the IDs in it. Not seen if the request was not refused with a message. */
export const expectMessage = (
  step: Step,
  getMessage: (evidence: Evidence) => string,
  requirement?: Requirement,
): Judge =>
  judgeStep(
    step,
    (observation, evidence) => {
      const message = readPath(observation.json, "errors", 0);
      if (observation.status < 400) return unobserved(`the request got the status ${observation.status}`);
      if (typeof message !== "string") return unobserved("the refusal has no message");
      const isExpected = message.toLowerCase() === getMessage(evidence).toLowerCase();
      return confirmIf(isExpected, `another message of ${message.length} characters`);
    },
    requirement,
  );

/** Combines judgments: refuted if one is, otherwise not seen if one is, otherwise confirmed. */
export const judgeAll =
  (judges: readonly Judge[]): Judge =>
  (evidence) => {
    const judgments = judges.map((judge) => judge(evidence));
    const observed = judgments.flatMap((one) => (one.verdict === "refuted" ? [one.observed] : []));
    if (observed.length > 0) return refuted([...new Set(observed)].join("; "));
    return judgments.find(({ verdict }) => verdict === "not seen") ?? confirmed;
  };

/** Combines judgments: refuted if one is, otherwise confirmed if one is. */
export const judgeAny =
  (judges: readonly Judge[]): Judge =>
  (evidence) => {
    const judgments = judges.map((judge) => judge(evidence));
    return (
      judgments.find(({ verdict }) => verdict === "refuted") ??
      judgments.find(({ verdict }) => verdict === "confirmed") ??
      judgments[0] ??
      unobserved("nothing was seen")
    );
  };

export const compareStatus = ({ status }: Observation, expected: number): Judgment =>
  confirmIf(status === expected, `status ${status}`);

export const formatRefused = ({ status }: Observation): string => `the request got the status ${status}`;

/** Lists all responses of a run. */
export const listObservations = (evidence: Evidence): Observation[] =>
  Object.values(evidence).flatMap((value) =>
    typeof value === "object" && "headers" in value ? [value] : [],
  );

/** Judges whether each reference of a connection has a name, or none has. */
export function judgeNames(row: unknown, isExpected: boolean): Judgment {
  const references = ["source_org", "sink_org", "created_by"].flatMap((end) => {
    const reference = readPath(row, "relationships", end, "data");
    return reference === undefined ? [] : [{ end, name: readPath(reference, "name") }];
  });
  if (references.length === 0) return unobserved("no connection with references was seen");
  const other = references.find(({ name }) => (typeof name === "string") !== isExpected);
  return confirmIf(!other, `\`${other?.end ?? ""}\` has ${isExpected ? "no name" : "a name"}`);
}
