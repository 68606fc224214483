import { listSecrets } from "../api/authentication.js";
import type { Credentials } from "./resolve.js";

/**
 * Formats a string that is equal for equal credentials at the same address: such names refer to the same organization. A pair of
 * keys and a token of one organization differ. Contains secrets: never print it.
 */
export const formatIdentifier = ({
  baseUrl,
  authentication,
}: Pick<Credentials, "baseUrl" | "authentication">): string =>
  JSON.stringify([baseUrl, authentication.kind, ...listSecrets(authentication)]);
