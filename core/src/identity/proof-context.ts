/** What `obtainProof` needs in addition to the identity and the organization. */
export interface ProofContext {
  env: Readonly<Record<string, string | undefined>>;
  /** The suffix of the organization's environment variables: `PAYMENTS`. */
  suffix: string;
  /** For messages: `organization "payments"`. */
  label: string;
  /** Total timeout of the requests for one proof, or of the command that prints the token, in milliseconds. */
  timeoutMs: number;
  /** Called with the origin of a token, such as `DD_OIDC_TOKEN`, before the token is checked. */
  onToken?: (origin: string) => void;
  /** Returns the current time, in milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/** An environment variable that is set. */
export interface Variable {
  /** Its complete name: `DD_OIDC_TOKEN__PAYMENTS`. */
  name: string;
  value: string;
}

/**
 * Finds an environment variable: first by its name with the organization's suffix, then by its name without a suffix. A blank
 * variable counts as not set.
 *
 * @param name - the name without a suffix: `DD_OIDC_TOKEN`
 */
export function findVariable(context: ProofContext, name: string): Variable | undefined {
  return readVariable(context, formatVariable(context, name)) ?? readVariable(context, name);
}

/** Reads an environment variable by its complete name. Returns `undefined` if the variable is not set or is blank. */
export function readVariable({ env }: ProofContext, name: string): Variable | undefined {
  const value = env[name]?.trim() ?? "";
  return value === "" ? undefined : { name, value };
}

/** Formats the name of the variable that applies only to this organization. */
export const formatVariable = ({ suffix }: ProofContext, name: string): string => `${name}__${suffix}`;
