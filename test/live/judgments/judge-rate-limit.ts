import { confirmed, listObservations, refuted, unobserved, type Judge } from "./judgment.js";

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
