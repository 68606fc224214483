/** Changes by other users outside of the program, and changes to credentials and permissions. */
import type { SandboxUser } from "../../sandbox/src/index.js";
import {
  ORG_BY_SOURCE,
  DESTINATIONS,
  SOURCES,
  TYPE_SETS,
  SOURCES_WITH_ID,
  type AccessMove,
  type DriftMove,
  type SourceName,
} from "./moves.js";
import { formatPair, pick } from "./program.js";
import { formatTypes, type Scenario } from "./scenario.js";

const COLLEAGUE: SandboxUser = {
  id: "cccccccc-0001-4000-8000-000000000001",
  handle: "colleague@example.com",
  email: "colleague@example.com",
  name: "A Colleague",
};

/** Applies drift. Returns false if there is no connection to change. */
export function applyDrift(scenario: Scenario, move: DriftMove): boolean {
  const { sandbox } = scenario;
  const types = [...("types" in move ? (pick(TYPE_SETS, move.types) ?? ["logs"]) : [])];
  if (move.kind === "connect") {
    const ends = { source: pick(SOURCES, move.source), sink: pick(DESTINATIONS, move.sink) };
    const source = ORG_BY_SOURCE[ends.source];
    if (source === ends.sink || scenario.findLive(formatPair(ends))) return false;
    const id = sandbox.connect({
      source,
      sink: ends.sink,
      connectionTypes: types,
      ...(!move.sameUser && { createdBy: COLLEAGUE }),
    });
    scenario.others.set(id, new Set([formatTypes(types)]));
    return true;
  }
  const live = scenario.listLive();
  if (live.length === 0) return false;
  const row = pick(live, move.at);
  if (move.kind === "change-types") {
    sandbox.changeTypes(row.id, types);
    if (scenario.others.has(row.id)) scenario.others.set(row.id, new Set([formatTypes(types)]));
    return true;
  }
  sandbox.disconnect(row.id);
  scenario.others.delete(row.id);
  scenario.ours.delete(row.id);
  if (move.kind === "disconnect") return true;
  const id = sandbox.connect({
    source: scenario.getKey(row.sourceOrgId),
    sink: scenario.getKey(row.sinkOrgId),
    connectionTypes: types,
    createdBy: COLLEAGUE,
  });
  scenario.others.set(id, new Set([formatTypes(types)]));
  return true;
}

const SOURCE_ORGS = [...new Set(SOURCES.map((source) => ORG_BY_SOURCE[source]))];
/** Organizations whose credentials are used by mistake. */
const OTHER_ORGS = ["globex-shop", "security", "checkout", "payments"];

/** Changes credentials or permissions. */
export function changeAccess(scenario: Scenario, move: AccessMove): boolean {
  const { sandbox } = scenario;
  switch (move.kind) {
    case "rotate": {
      const org = pick(SOURCE_ORGS, move.org);
      const { apiKey, appKey } = sandbox.getOrganization(org);
      sandbox.rotateKeys(org);
      for (const source of SOURCES) {
        if (ORG_BY_SOURCE[source] !== org || scenario.wrongCredentials.has(source)) continue;
        if (!move.known) scenario.wrongCredentials.set(source, { apiKey, appKey });
      }
      return true;
    }
    case "foreign-keys": {
      const source: SourceName = pick(SOURCES, move.source);
      // Without a configured `id`, keys of another organization in the same account are not detected before a
      // create.
      const of = SOURCES_WITH_ID.includes(source) ? pick(OTHER_ORGS, move.of) : "globex-shop";
      if (of === ORG_BY_SOURCE[source]) return false;
      const { apiKey, appKey } = sandbox.getOrganization(of);
      scenario.wrongCredentials.set(source, { apiKey, appKey });
      return true;
    }
    case "permissions":
      sandbox.setPermissions(
        pick(SOURCE_ORGS, move.org),
        move.left === "read" ? ["org_connections_read"] : [],
      );
      return true;
    case "feature-off":
      sandbox.setFeature(pick(SOURCE_ORGS, move.org), false);
      return true;
    case "restore":
      scenario.restoreAccess();
      return true;
  }
}
