import type { Evidence } from "../probes/evidence.js";
import { assumptions, type Assumption } from "../../../sandbox/src/index.js";
import { credentialJudges, keyJudges, organizationJudges } from "./judge-credentials.js";
import { listJudges } from "./judge-list.js";
import { rateLimitJudges } from "./judge-rate-limit.js";
import { responseJudges } from "./judge-responses.js";
import { createJudges, deleteJudges, updateJudges } from "./judge-writes.js";
import { unobserved, type Judge, type Judgment } from "./judgment.js";

/** The judge of each assumption of the sandbox package, by its name. */
export const judges: Readonly<Record<string, Judge>> = {
  ...responseJudges,
  ...listJudges,
  ...createJudges,
  ...updateJudges,
  ...deleteJudges,
  ...credentialJudges,
  ...keyJudges,
  ...organizationJudges,
  ...rateLimitJudges,
};

/** An assumption, and what the run says about it. */
export interface JudgedAssumption {
  assumption: Assumption;
  judgment: Judgment;
}

/** Judges all assumptions, in their order. */
export const judgeAssumptions = (evidence: Evidence): JudgedAssumption[] =>
  assumptions.map((assumption) => ({
    assumption,
    judgment: judges[assumption.name]?.(evidence) ?? unobserved("nothing judges it"),
  }));
