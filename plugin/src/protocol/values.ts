import * as v from "valibot";
import { Struct, Value, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { omitUndefinedDeep, isObject } from "datadog-org-connections-core/text/data.js";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";

/** The properties of a message, before they are parsed. */
export type Properties = Record<string, unknown>;

/**
 * A secret: an object with a signature of the protocol and the plain value
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig.go).
 */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const secretSchema = v.object({ [SIGNATURE_KEY]: v.literal(SECRET_SIGNATURE), value: v.unknown() });

/** Converts the properties of a request. Secrets become plain values. */
export function parseStruct(struct: Struct | undefined): Properties {
  return struct ? (removeSecretMarks(struct.toJavaScript()) as Properties) : {};
}

/** Converts properties for a response. Undefined values are omitted, which the conversion of protobuf refuses. */
export function toStruct(properties: object): Struct {
  return Struct.fromJavaScript(omitUndefinedDeep(properties) as Record<string, JavaScriptValue>);
}

/**
 * Returns a copy of a provider's arguments in which the named ones are secrets, so that the engine encrypts them in the state. The engine
 * drops the mark of an object, so an object becomes JSON text.
 */
export function markSecrets(struct: Struct | undefined, names: readonly string[]): Struct {
  const copy = struct ? Struct.deserializeBinary(struct.serializeBinary()) : new Struct();
  for (const name of names) {
    const value = copy.getFieldsMap().get(name);
    if (!value) continue;
    const signature = new Value().setStringValue(SECRET_SIGNATURE);
    const secret = new Struct();
    secret.getFieldsMap().set(SIGNATURE_KEY, signature).set("value", toText(value));
    copy.getFieldsMap().set(name, new Value().setStructValue(secret));
  }
  return copy;
}

/** Converts an object to JSON text, without the marks of secrets in it. With an unknown part, the whole text is unknown. */
function toText(value: Value): Value {
  const plain = removeSecretMarks(value.toJavaScript());
  if (!isObject(plain)) return value;
  const text = JSON.stringify(plain);
  return new Value().setStringValue(text.includes(UNKNOWN) ? UNKNOWN : text);
}

/** Replaces secrets by their plain values, because provider configuration always has them wrapped. */
function removeSecretMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeSecretMarks);
  if (!isObject(value)) return value;
  // Most objects are not marked. A schema for each of them would take as long as the rest of a large set's conversion.
  const secret = SIGNATURE_KEY in value ? v.safeParse(secretSchema, value) : undefined;
  if (secret?.success) return removeSecretMarks(secret.output.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, removeSecretMarks(inner)]));
}
