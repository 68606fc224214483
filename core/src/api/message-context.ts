import {
  hasTokenAsKey,
  isWorkloadIdentity,
  type CredentialKindName,
  type WorkloadIdentity,
} from "./authentication.js";
import type { Access } from "./http.js";
import { createRedactor } from "../text/escape-text.js";

/** What error messages say about the organization of a request. Safe to log, because no property contains a credential. */
export interface MessageContext {
  /** `organization "payments"` or `the default organization`. */
  label: string;
  /** The settings that contain the credentials of the organization: `DD_API_KEY and DD_APP_KEY`. */
  credentialsFrom: string;
  kind: CredentialKindName;
  /** The identity whose proof is exchanged for an access token. Undefined with other credentials. */
  workloadIdentity: WorkloadIdentity | undefined;
  /** Whether an access token is set as the application key. */
  hasTokenAsKey: boolean;
  /** `https://api.datadoghq.com`. */
  baseUrl: string;
  isDoctor?: boolean | undefined;
  /** Replaces the organization's credentials in a string. */
  redact: (text: string) => string;
}

/**
 * Creates the message context of an organization.
 *
 * @param listSecrets - lists the organization's secrets; called for each message, because access tokens change
 */
export function createMessageContext(
  {
    label,
    credentialsFrom,
    baseUrl,
    authentication,
    isDoctor,
  }: Access & Pick<MessageContext, "label" | "credentialsFrom" | "isDoctor">,
  listSecrets: () => readonly string[],
): MessageContext {
  return {
    label,
    credentialsFrom,
    kind: authentication.kind,
    workloadIdentity: isWorkloadIdentity(authentication) ? authentication : undefined,
    hasTokenAsKey: hasTokenAsKey(authentication),
    baseUrl,
    isDoctor,
    redact: (text) => createRedactor(listSecrets())(text),
  };
}
