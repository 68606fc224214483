/** What is needed to obtain a proof of identity: the environment, names for messages, and limits. */
export interface ProofContext {
  env: Readonly<Record<string, string | undefined>>;
  /** The suffix of the organization's environment variables: `PAYMENTS`. */
  suffix: string;
  /** For messages: `organization "payments"`. */
  label: string;
  /** Timeout of all requests for one proof, or of the command that prints it, in milliseconds. */
  timeoutMs: number;
  /** Receives where a token is from, such as `DD_OIDC_TOKEN`, before the token is checked. */
  onToken?: (origin: string) => void;
  /** Returns the time in milliseconds since 1970. @default Date.now */
  now?: () => number;
}

/** A variable of the environment that is set. */
export interface Variable {
  /** Its complete name: `DD_OIDC_TOKEN__PAYMENTS`. */
  name: string;
  value: string;
}

/**
 * Finds a variable of the environment. The one with the organization's suffix takes precedence. A blank variable is not set.
 *
 * @param name - without a suffix: `DD_OIDC_TOKEN`
 */
export function findVariable(context: ProofContext, name: string): Variable | undefined {
  return readVariable(context, formatVariable(context, name)) ?? readVariable(context, name);
}

/** Reads a variable of the environment by its complete name. Returns `undefined` if it is blank. */
export function readVariable({ env }: ProofContext, name: string): Variable | undefined {
  const value = env[name]?.trim() ?? "";
  return value === "" ? undefined : { name, value };
}

/** Formats the name of a variable that is only for this organization. */
export const formatVariable = ({ suffix }: ProofContext, name: string): string => `${name}__${suffix}`;
