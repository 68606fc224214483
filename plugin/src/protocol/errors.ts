import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { toStruct, type Properties } from "./values.js";

/**
 * A create or update that was applied in part. The engine keeps the properties as the state, shows the reasons, and fails
 * the operation (`ErrorResourceInitFailed` in pulumi/pulumi, proto/pulumi/provider.proto).
 */
export class PartialChange extends Error {
  constructor(
    message: string,
    readonly partial: { id: string; properties: Properties; inputs: Properties; reasons: string[] },
  ) {
    super(message);
  }
}

/** Converts an error to one that gRPC sends to the engine. The engine prints its `details`. */
export function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof PartialChange) return toInitFailedError(error);
  return { code: grpc.status.UNKNOWN, details: formatError(error) };
}

/**
 * Formats an error for the user: without a stack trace. The message of an internal error may quote a value, which may be a
 * credential or come from a state. So only its class and its place in the code are shown.
 */
export function formatError(error: unknown): string {
  return isOrgConnectionsError(error)
    ? error.message
    : `internal error of pulumi-resource-datadog-org-connections (${formatPlace(error)}). Please report it.`;
}

function formatPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const [name] = /^\w{1,40}$/.exec(error.name) ?? ["Error"];
  // The stack begins with the message, whose lines could imitate places.
  const at = error.stack?.indexOf(error.message) ?? -1;
  const frames = at === -1 ? "" : (error.stack?.slice(at + error.message.length) ?? "");
  const [, place] = /^\n\s+at [^\n]*?([\w.-]+:\d+:\d+)\)?(?:\n|$)/.exec(frames) ?? [];
  return place === undefined ? name : `${name} at ${place}`;
}

function toInitFailedError({ message, partial }: PartialChange): Partial<grpc.StatusObject> {
  const failed = new ErrorResourceInitFailed()
    .setId(partial.id)
    .setReasonsList(partial.reasons)
    .setProperties(toStruct(partial.properties))
    .setInputs(toStruct(partial.inputs));
  return packInitFailed(message, failed);
}

/** Adds the details to an error where the engine reads them. */
export function packInitFailed(message: string, failed: ErrorResourceInitFailed): Partial<grpc.StatusObject> {
  const details = new Any();
  details.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message).setDetailsList([details]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
