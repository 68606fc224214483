import * as v from "valibot";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { omitUndefinedDeep } from "datadog-org-connections-core/text/data.js";
import { getMocks, createPerRun, warn } from "../resources/sdk.js";
import { getFunctionToken } from "datadog-org-connections-core/host/type-tokens.js";
import {
  parseFunctionArguments,
  refuseUnknownArguments,
  type FunctionArguments,
  type FunctionName,
} from "datadog-org-connections-core/functions/functions.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { readArguments } from "../resources/program-inputs.js";
import { readProgramConfig, requireValidConfiguration } from "../resources/program-guard.js";

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

const getSessions = createPerRun(
  () =>
    new Sessions(
      // Programs that this process starts, such as DD_OIDC_TOKEN_COMMAND, must not get the decrypted configuration.
      () => ({ config: readProgramConfig, env: { ...process.env, PULUMI_CONFIG: undefined } }),
      (message) => void warn(message),
      // With a constant time, listings never expire: a program sees a single listing, however long it runs.
      { now: () => 0 },
    ),
);

/** Returns the session for a program's functions. All functions of a run share it, so each request is sent once. */
export function getProgramSession(source: string | undefined): Session {
  requireValidConfiguration();
  return getSessions().getSession(source);
}

const stringSchema = v.string("must be a string");
const partySchema = v.exactOptional(
  v.object({ id: stringSchema, name: v.exactOptional(stringSchema) }, "must be an object with `id`"),
);

/** What the mocks return for `getOrganization`. */
export const mockOrganizationSchema = v.object(
  {
    id: stringSchema,
    name: stringSchema,
    publicId: v.exactOptional(stringSchema),
    description: v.exactOptional(stringSchema),
    disabled: v.optional(v.boolean("must be true or false"), false),
    createdAt: v.exactOptional(stringSchema),
  },
  "must be an object",
);

/** What the mocks return for `getOrganizations`. A function of Pulumi returns an object, not a list. */
export const mockOrganizationsSchema = v.object({
  organizations: v.array(mockOrganizationSchema, "must be a list of organizations"),
});

/** What the mocks return for `getOrgConnections`. */
export const mockConnectionsSchema = v.object({
  connections: v.array(
    v.object(
      {
        id: stringSchema,
        source: partySchema,
        sink: partySchema,
        createdBy: partySchema,
        createdAt: stringSchema,
        connectionTypes: v.array(stringSchema, "must be a list of strings"),
      },
      "must be an object",
    ),
    "must be a list of connections",
  ),
});

/**
 * Calls `call` of the mocks, if a unit test has set mocks (`pulumi.runtime.setMocks`). A unit test has no credentials and
 * sends no request.
 *
 * @param functionName - such as `getOrganization`
 * @param inputs - the arguments of the function
 * @returns the result of the mocks, or undefined without mocks
 * @throws `invalid-input` if the result lacks a field or has one of another type
 */
export async function callMocks<const Schema extends v.GenericSchema>(
  functionName: string,
  inputs: object,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const mocks = getMocks();
  if (!mocks) return undefined;
  const token = getFunctionToken(functionName);
  const result = await mocks.call({ token, inputs });
  const parsed = v.safeParse(schema, omitUndefinedDeep(result));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new OrgConnectionsError("invalid-input", {
    happened:
      `\`call\` of the mocks returned an invalid result for the token "${token}": ` +
      `${field === null ? "it must be an object" : `\`${field}\` ${getReason(issue)}`}.`,
    advice:
      "Return an organization for `getOrganization`, `{ organizations: [...] }` for `getOrganizations`, and " +
      "`{ connections: [...] }` for `getOrgConnections`.",
  });
}

/** Returns why a field is invalid. A missing field has the same kind of issue as one of a wrong type. */
const getReason = ({ input, message }: v.BaseIssue<unknown>): string =>
  input === undefined ? "is missing" : message;
