import {
  parseFunctionArguments,
  refuseUnknownArguments,
  type FunctionArguments,
  type FunctionName,
} from "datadog-org-connections-core/functions/arguments.js";
import { readArguments } from "../resources/program-inputs.js";

/** Reads the arguments of a function. @throws `invalid-input` */
export const readFunctionArguments = <Name extends FunctionName>(
  functionName: Name,
  args: unknown,
): FunctionArguments<Name> => parseFunctionArguments(functionName, readArguments(functionName, args));

/** Reads arguments that may be outputs: only their names are checked. @throws `invalid-input` */
export function readFunctionOutputArguments(
  functionName: FunctionName,
  args: unknown,
): Record<string, unknown> {
  const read = readArguments(functionName, args);
  refuseUnknownArguments(functionName, read);
  return read;
}
