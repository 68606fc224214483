/** One operation of the catalog, and how its programs are written. */
import type { Fault } from "../../sandbox/src/index.js";
import { DEFAULT_RUN } from "../histories/operation.js";
import type { RunMove, SinkName } from "../histories/moves.js";
import type { DeclaredSet, DeclaredSingle } from "../histories/program.js";
import type { Scenario } from "../histories/scenario.js";

/** One operation of the catalog. */
export interface CatalogOperation {
  name: string;
  /** Sets up the initial program, which is deployed without a fault, and the connections of other users. */
  setUp: (scenario: Scenario) => void;
  /** Faults of the first `up`, so that it is only partially completed. */
  setUpFaults?: (scenario: Scenario) => Fault[];
  /** Changes the program, or the sandbox outside of the program. */
  change: (scenario: Scenario) => void;
  run: Partial<Pick<RunMove, "command" | "preview" | "adoptAll" | "replace">>;
  /** Whether it uses deleteBeforeReplace. An error of such a deletion ends the run of the engine. */
  deletesFirst?: boolean;
  /** The error codes of the operation without a fault, if it fails, separated by commas. */
  expectedError?: string;
  /** What differs on the plugin. */
  plugin?: Pick<CatalogOperation, "expectedError">;
  /**
   * Whether the real engine does not play it: its stacks use keys instead of identities, and if one resource fails, others may or may not
   * have been changed before it.
   */
  inProcessOnly?: true;
}

/** Creates the run of an operation: one call at a time, so that its requests have a fixed order. */
export const createRun = ({ run }: CatalogOperation): RunMove => ({ ...DEFAULT_RUN, ...run });

export function declare(
  scenario: Scenario,
  name: string,
  sink: SinkName,
  more: Partial<DeclaredSingle> = {},
): void {
  scenario.program.set(name, {
    source: "payments",
    sink,
    types: ["logs"],
    adopt: false,
    dbr: false,
    ...more,
  });
}

export function declareSet(
  scenario: Scenario,
  name: string,
  members: Partial<Record<SinkName, readonly string[]>>,
  more: Partial<DeclaredSet> = {},
): void {
  const entries = Object.entries(members) as [SinkName, readonly string[]][];
  const rest = { source: "payments" as const, exclusive: false, adopt: false, dbr: false, ...more };
  scenario.program.set(name, { ...rest, members: new Map(entries) });
}

/** Sets up nothing. */
export const doNothing = (): void => undefined;
export const declareOne = (scenario: Scenario) => declare(scenario, "a", "observability");
export const declareTwo = (scenario: Scenario) => {
  declareOne(scenario);
  declare(scenario, "b", "security", { types: ["audit", "logs"] });
};
