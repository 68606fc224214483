/** Values that a preview does not print. */
import { UNKNOWN } from "../../core/src/connection/types.js";
import { isSet, pick, type Program } from "../histories/program.js";
import type { Hidden } from "./case.js";

/** In place of a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
const SECRET = "[secret]";
/** A secret in an exported state (pulumi/pulumi, sdk/go/common/resource/sig). In two parts: it looks like a key. */
const ENCRYPTED = { [["4dabf18193072939", "515e22adb298388d"].join("")]: "encrypted", ciphertext: "v1:xyz" };

type Values = Record<string, unknown>;

/** The resource and the property that a case hides, in a program that declares any. */
export interface HiddenProperty {
  how: Hidden["how"];
  name: string;
  property: string;
}

/** Resolves the numbers of a case. */
export function hiddenIn(program: Program, hidden: Hidden | undefined): HiddenProperty | undefined {
  if (!hidden || program.size === 0) return undefined;
  const [name, declared] = pick([...program], hidden.at);
  const { how, what } = hidden;
  if (what === "source") return { how, name, property: "source" };
  if (isSet(declared)) return { how, name, property: "connections" };
  return { how, name, property: what === "ends" ? "sinkOrgId" : "connectionTypes" };
}

/** What the program hands over in a preview: the engine has a placeholder for what is known only in the `up`. */
export function hideUnknown(hidden: HiddenProperty | undefined): (name: string, inputs: object) => object {
  return (name, inputs) =>
    hidden?.how === "unknown" && hidden.name === name ? { ...inputs, [hidden.property]: UNKNOWN } : inputs;
}

/** What is printed of inputs or outputs. A property that is not there is no secret. */
export function maskSecret(
  hidden: HiddenProperty | undefined,
  name: string,
  values: Values,
  where: "preview" | "state",
): Values {
  if (hidden?.how !== "secret" || hidden.name !== name || !(hidden.property in values)) return values;
  return { ...values, [hidden.property]: where === "preview" ? SECRET : ENCRYPTED };
}
