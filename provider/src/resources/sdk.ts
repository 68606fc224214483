/**
 * The parts of Pulumi's SDK that this package uses, imported by file. The SDK's index loads more than 500 other files:
 * function serialization (including a compiler and npm's packages) and the Automation API. A program that only declares
 * connections uses none of them, and starts in half the time without them (bench/start-up).
 */
export { warn } from "@pulumi/pulumi/log";
export { all, Output, output } from "@pulumi/pulumi/output";
export { CustomResource, Resource } from "@pulumi/pulumi/resource";
export { allConfig } from "@pulumi/pulumi/runtime/config";
export { getMonitor, getProject, getRootDirectory, getStack } from "@pulumi/pulumi/runtime/settings";
import * as config from "@pulumi/pulumi/runtime/config";

/** Not in the SDK's published types, but used by its own `Config` (sdk/nodejs/config.ts). */
export const { isConfigSecret } = config as unknown as { isConfigSecret: (key: string) => boolean };
