import { listSecrets } from "../../core/src/api/authentication.js";
import type { Exchange } from "./gateway/exchange.js";
import type { LiveInputs } from "./inputs/resolve-inputs.js";
import { createRecording } from "./recording/create-recording.js";
import { writeRecording } from "./recording/write-recording.js";

/** Writes the exchanges of a run as a recording. Returns why it could not, if so. */
export function recordExchanges(
  file: string,
  exchanges: readonly Exchange[],
  inputs: LiveInputs,
): string | undefined {
  try {
    writeRecording(file, createRecording(exchanges, listOwners(inputs)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lists the organization of each configured credential. */
function listOwners({ source, sink, extras }: LiveInputs): Map<string, string> {
  return new Map(
    [source, sink, ...Object.values(extras)].flatMap(({ authentication, organizationId }) =>
      organizationId === undefined
        ? []
        : listSecrets(authentication).map((secret): [string, string] => [
            secret,
            organizationId.toLowerCase(),
          ]),
    ),
  );
}
