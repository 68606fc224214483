import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import type { SandboxControls } from "./controls.js";
import { connectInputSchema } from "./connect-input.js";
import { changeTypesInputSchema, disconnectInputSchema } from "./control-input.js";
import { parseFault } from "./fault.js";
import { issueTokenInputSchema } from "./identity/issuer.js";
import { identityMappingSchema } from "./identity/mapping.js";
import { anyObject, parseInput, parseJson, readBody, SandboxInputError } from "./input.js";
import { sendJson } from "./send-json.js";

/** The prefix of all paths of the control plane. */
export const CONTROL_PREFIX = "/_sandbox/";

/** The controls over HTTP, for other processes and `curl`. Each function returns the body of the response, or a Promise of it. */
const endpoints: Record<string, (controls: SandboxControls, input: unknown) => unknown> = {
  "GET /_sandbox/organizations": ({ organizations }) => ({ organizations }),
  "GET /_sandbox/connections": (controls) => ({ connections: controls.listConnections() }),
  "GET /_sandbox/requests": ({ requests }) => ({ requests }),
  "DELETE /_sandbox/requests": (controls) => controls.clearRequests(),
  "POST /_sandbox/connect": (controls, input) => ({
    id: controls.connect(parseInput(connectInputSchema, input, "body")),
  }),
  "POST /_sandbox/change-types": (controls, input) => {
    const { id, connectionTypes } = parseInput(changeTypesInputSchema, input, "body");
    controls.changeTypes(id, connectionTypes);
  },
  "POST /_sandbox/disconnect": (controls, input) =>
    controls.disconnect(parseInput(disconnectInputSchema, input, "body").id),
  "POST /_sandbox/map-identity": (controls, input) =>
    controls.mapIdentity(parseInput(identityMappingSchema, input, "body")),
  "POST /_sandbox/issue-token": async ({ issuer }, input) => ({
    token: await issuer.issueToken(parseInput(issueTokenInputSchema, input, "body")),
  }),
  "POST /_sandbox/expire-tokens": (controls) => controls.expireTokens(),
  "POST /_sandbox/faults": (controls, input) => {
    controls.fail(parseFault(input));
  },
  "DELETE /_sandbox/faults": (controls) => controls.clearFaults(),
  "POST /_sandbox/reset": (controls) => controls.reset(),
};

/** Serves one request to the control plane. */
export async function serveControl(
  controls: SandboxControls,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const name = `${request.method ?? ""} ${path}`;
  const body = await readBody(request);
  const endpoint = endpoints[name];
  if (!endpoint) {
    sendJson(response, 501, {
      errors: [
        `the sandbox has no endpoint ${name}; available endpoints: ${Object.keys(endpoints).join(", ")}`,
      ],
    });
    return;
  }
  try {
    sendJson(response, 200, (await endpoint(controls, parseBody(body))) ?? {});
  } catch (error) {
    if (!(error instanceof SandboxInputError)) throw error;
    sendJson(response, 400, { errors: [error.message] });
  }
}

/** Parses the body as an object. An empty body is an empty object. */
function parseBody(body: string): unknown {
  const input = body === "" ? {} : parseJson(body);
  if (!v.is(anyObject, input)) throw new SandboxInputError("the body must be a JSON object");
  return input;
}
