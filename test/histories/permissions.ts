/** What a step may do to connections of other users, because the program declares it. */
import { getUndeclared, type SavedResource } from "./saved-resource.js";
import { listDeclaredConnections, isSet, type DeclaredResource } from "./program.js";
import { formatTypes, type Scenario } from "./scenario.js";

/** Adoption may set the declared types on a connection of another user, even if it fails later. */
export function permitAdoptions(scenario: Scenario, declared: DeclaredResource): void {
  for (const { pair, types } of listDeclaredConnections(declared)) {
    const row = scenario.findLive(pair);
    if (row && types) scenario.others.get(row.id)?.add(formatTypes(types));
  }
}

/** An exclusive set may delete the ids listed in its state, unless it declares their destination. */
export function permitDeletes(
  scenario: Scenario,
  declared: DeclaredResource,
  saved: SavedResource | undefined,
): void {
  if (!saved || !isSet(declared) || !declared.exclusive) return;
  const declaredSinkIds = new Set(
    [...declared.members.keys()].map((sink) => scenario.sandbox.getOrganization(sink).id),
  );
  for (const [sink, id] of Object.entries(getUndeclared(saved))) {
    if (!declaredSinkIds.has(sink)) scenario.mayDelete.add(id);
  }
}
