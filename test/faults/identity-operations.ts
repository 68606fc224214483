/** The operations of an organization with a workload identity. Their requests include the exchange for an access token. */
import type { Scenario } from "../histories/scenario.js";
import { declare, declareOne, declareTwo, doNothing, type CatalogOperation } from "./catalog-operation.js";

/** Gives both names of the organization `payments` a workload identity that is not mapped, instead of keys. */
function useUnmappedIdentity(scenario: Scenario): void {
  for (const source of ["payments", "pay"] as const) scenario.identities.add(source);
}

/** Gives both names a workload identity that is mapped to an account. */
function useIdentity(scenario: Scenario): void {
  useUnmappedIdentity(scenario);
  scenario.mapIdentity("payments");
}

export const identityOperations: readonly CatalogOperation[] = [
  {
    name: "create with an identity",
    setUp: useIdentity,
    change: declareOne,
    run: { command: "up" },
    inProcessOnly: true,
  },
  {
    name: "update, with an identity instead of keys",
    setUp: declareTwo,
    change: (scenario) => {
      useIdentity(scenario);
      declare(scenario, "a", "observability", { types: ["metrics"] });
    },
    run: { command: "up", preview: false },
    inProcessOnly: true,
  },
  {
    name: "refresh with an identity",
    setUp: (scenario) => {
      useIdentity(scenario);
      declareTwo(scenario);
    },
    change: doNothing,
    run: { command: "refresh" },
    inProcessOnly: true,
  },
  {
    name: "destroy with an identity",
    setUp: (scenario) => {
      useIdentity(scenario);
      declareTwo(scenario);
    },
    change: doNothing,
    run: { command: "destroy" },
    inProcessOnly: true,
  },
  {
    name: "create with an identity that is not mapped",
    setUp: doNothing,
    change: (scenario) => {
      declareOne(scenario);
      useUnmappedIdentity(scenario);
    },
    run: { command: "up", preview: false },
    // An error of one name also reports the other one.
    expectedError: "identity-not-mapped,identity-not-mapped",
    inProcessOnly: true,
  },
];
