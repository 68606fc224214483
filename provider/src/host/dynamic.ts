/**
 * The host that Pulumi's dynamic provider process loads, by the line in each resource's state (provider-lines.ts). It
 * turns what the engine asks into calls of the lifecycle, and the answers into what that process sends back.
 */
import { processWorld, type DynamicHost } from "./process-world.js";
import { setHost } from "./set-host.js";
import { singleHost } from "./single-host.js";

export type { DynamicHost } from "./process-world.js";

const world = processWorld();

/** Serves single connections. */
export const handler = (): DynamicHost => singleHost(world);

/** Serves sets of connections. */
export const setHandler = (): DynamicHost => setHost(world);
