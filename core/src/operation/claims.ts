import { labelOf } from "../credentials/resolve.js";
import type { World } from "./world.js";

/**
 * Notes that a resource of this operation holds a connection, or declares it: an exclusive set under another name of the
 * same organization must not take it for undeclared.
 */
export function claim(world: World, connectionId: string, source: string | undefined): void {
  world.claimedIds.set(connectionId.toLowerCase(), `a resource of ${labelOf(source)}`);
}
