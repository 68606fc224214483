/**
 * The host that Pulumi's dynamic provider process loads, through the line in each resource's state (provider-lines.ts). It
 * converts the engine's requests to lifecycle calls, and their results to responses.
 */
import { createProcessContext, type DynamicHost } from "./process-context.js";
import { createSetHost } from "./set-host.js";
import { createSingleHost } from "./single-host.js";

export type { DynamicHost } from "./process-context.js";

const context = createProcessContext();

/** Returns the host of single connections. Pulumi's provider process calls it by this name. */
export const handler = (): DynamicHost => createSingleHost(context);

/** Returns the host of sets. The provider lines of sets refer to it by this name. */
export const setHandler = (): DynamicHost => createSetHost(context);
