/**
 * What a host calls: plain functions over the client. Nothing here knows an engine; a host hands in a `World` and
 * turns the answers into what its engine wants.
 */
export { check, DELETE_BEFORE_REPLACE } from "./connection/check.js";
export { create } from "./connection/create.js";
export { diff } from "./connection/diff.js";
export { read } from "./connection/read.js";
export { remove } from "./connection/delete.js";
export type { Created, Recorded, Wanted } from "./connection/types.js";
export { update } from "./connection/update.js";
export type { World } from "./operation/world.js";
export { checkSet } from "./connection-set/check.js";
export { diffSet } from "./connection-set/diff.js";
export { readSet } from "./connection-set/read.js";
export { removeSet } from "./connection-set/remove.js";
export { syncSet } from "./connection-set/sync.js";
export { DoneInPart, type RecordedSet, type WantedSet } from "./connection-set/types.js";
