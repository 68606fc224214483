/**
 * What a host calls: plain functions over the client. Nothing here knows an engine; a host hands in a `World` and
 * turns the answers into what its engine wants.
 */
export { check, DELETE_BEFORE_REPLACE, type Checked } from "./check.js";
export { create } from "./create.js";
export { diff, type Difference } from "./diff.js";
export { read, type Seen } from "./read.js";
export { remove } from "./delete.js";
export { Session } from "./session.js";
export type { Created, Failure, Recorded, Wanted } from "./types.js";
export { update } from "./update.js";
export type { World } from "./world.js";
export { checkSet } from "./set/check.js";
export { diffSet } from "./set/diff.js";
export { readSet } from "./set/read.js";
export { removeSet } from "./set/remove.js";
export { syncSet } from "./set/sync.js";
export { DoneInPart, type Member, type RecordedSet, type WantedSet } from "./set/types.js";
