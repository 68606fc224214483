/**
 * What this package uses of Pulumi's SDK, file by file. The SDK's index loads more than 500 files besides: what
 * serializes functions (a compiler and npm's own tree of packages among it) and the automation API. A program that only
 * declares connections uses none of it, and is there in half the time without (bench/start-up).
 */
export { warn } from "@pulumi/pulumi/log";
export { all, Output, output } from "@pulumi/pulumi/output";
export { CustomResource, Resource } from "@pulumi/pulumi/resource";
export { allConfig } from "@pulumi/pulumi/runtime/config";
export { getMonitor, getProject, getRootDirectory, getStack } from "@pulumi/pulumi/runtime/settings";
import * as config from "@pulumi/pulumi/runtime/config";

/** Not in the SDK's published types, but what its own `Config` goes by (sdk/nodejs/config.ts). */
export const { isConfigSecret } = config as unknown as { isConfigSecret: (key: string) => boolean };
