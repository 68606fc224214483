/** What other people do behind the program's back, and what happens to keys and rights. */
import type { SandboxUser } from "../../sandbox/src/index.js";
import {
  ORG_OF,
  SINKS,
  SOURCES,
  TYPE_SETS,
  WITH_ID,
  type AccessMove,
  type DriftMove,
  type SourceName,
} from "./moves.js";
import { pairOf, pick } from "./program.js";
import { typesText, type Scene } from "./scene.js";

const COLLEAGUE: SandboxUser = {
  id: "cccccccc-0001-4000-8000-000000000001",
  handle: "colleague@example.com",
  email: "colleague@example.com",
  name: "A Colleague",
};

/** Drift. False when there was nothing to do it to. */
export function drift(scene: Scene, move: DriftMove): boolean {
  const { sandbox } = scene;
  const types = [...("types" in move ? (pick(TYPE_SETS, move.types) ?? ["logs"]) : [])];
  if (move.kind === "connect") {
    const ends = { source: pick(SOURCES, move.source), sink: pick(SINKS, move.sink) };
    const source = ORG_OF[ends.source];
    if (source === ends.sink || scene.liveOf(pairOf(ends))) return false;
    const id = sandbox.connect({
      source,
      sink: ends.sink,
      connectionTypes: types,
      ...(!move.sameUser && { createdBy: COLLEAGUE }),
    });
    scene.others.set(id, new Set([typesText(types)]));
    return true;
  }
  const live = scene.live();
  if (live.length === 0) return false;
  const row = pick(live, move.at);
  if (move.kind === "change-types") {
    sandbox.changeTypes(row.id, types);
    if (scene.others.has(row.id)) scene.others.set(row.id, new Set([typesText(types)]));
    return true;
  }
  sandbox.disconnect(row.id);
  scene.others.delete(row.id);
  scene.ours.delete(row.id);
  if (move.kind === "disconnect") return true;
  const id = sandbox.connect({
    source: scene.key(row.sourceOrgId),
    sink: scene.key(row.sinkOrgId),
    connectionTypes: types,
    createdBy: COLLEAGUE,
  });
  scene.others.set(id, new Set([typesText(types)]));
  return true;
}

const SOURCE_ORGS = [...new Set(SOURCES.map((source) => ORG_OF[source]))];
/** Whose keys are put in a wrong place. */
const STRANGERS = ["globex-shop", "security", "checkout", "payments"];

/** Keys and rights. */
export function changeAccess(scene: Scene, move: AccessMove): boolean {
  const { sandbox } = scene;
  switch (move.kind) {
    case "rotate": {
      const org = pick(SOURCE_ORGS, move.org);
      const { apiKey, appKey } = sandbox.organization(org);
      sandbox.rotateKeys(org);
      for (const source of SOURCES) {
        if (ORG_OF[source] !== org || scene.wrongKeys.has(source)) continue;
        if (!move.known) scene.wrongKeys.set(source, { apiKey, appKey });
      }
      return true;
    }
    case "foreign-keys": {
      const source: SourceName = pick(SOURCES, move.source);
      // Without a configured `id` nobody can tell keys of the same account from the right ones before a create.
      const of = WITH_ID.includes(source) ? pick(STRANGERS, move.of) : "globex-shop";
      if (of === ORG_OF[source]) return false;
      const { apiKey, appKey } = sandbox.organization(of);
      scene.wrongKeys.set(source, { apiKey, appKey });
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
      scene.restoreAccess();
      return true;
  }
}
