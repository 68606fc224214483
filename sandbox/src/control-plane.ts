import type { IncomingMessage, ServerResponse } from "node:http";
import type { SandboxControls } from "./controls.js";
import type { Fault } from "./fault.js";
import { SandboxInputError } from "./input-error.js";
import { isRecord, isTextList, parseJson } from "./json.js";
import { readBody } from "./request-body.js";

type Input = Record<string, unknown>;

/** All paths of the control plane begin with this. */
export const CONTROL_PREFIX = "/_sandbox/";

/** The controls over HTTP, for another process and for `curl`. Each returns what is answered as JSON. */
const endpoints: Record<string, (controls: SandboxControls, input: Input) => unknown> = {
  "GET /_sandbox/organizations": ({ organizations }) => ({ organizations }),
  "GET /_sandbox/connections": (controls) => ({ connections: controls.connections() }),
  "GET /_sandbox/requests": ({ requests }) => ({ requests }),
  "DELETE /_sandbox/requests": (controls) => controls.clearRequests(),
  "POST /_sandbox/connect": (controls, input) => {
    const connectionTypes = input["connectionTypes"] === undefined ? undefined : types(input);
    const id = controls.connect({
      source: text(input, "source"),
      sink: text(input, "sink"),
      ...(connectionTypes && { connectionTypes }),
    });
    return { id };
  },
  "POST /_sandbox/change-types": (controls, input) => controls.changeTypes(text(input, "id"), types(input)),
  "POST /_sandbox/disconnect": (controls, input) => controls.disconnect(text(input, "id")),
  // The input is checked by `fail` itself.
  "POST /_sandbox/faults": (controls, input) => void controls.fail(input as unknown as Fault),
  "DELETE /_sandbox/faults": (controls) => controls.clearFaults(),
  "POST /_sandbox/reset": (controls) => controls.reset(),
};

/** Takes one request to the control plane. */
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
      errors: [`the sandbox has no ${name}; it has: ${Object.keys(endpoints).join(", ")}`],
    });
    return;
  }
  try {
    sendJson(response, 200, endpoint(controls, parseInput(body)) ?? {});
  } catch (error) {
    if (!(error instanceof SandboxInputError)) throw error;
    sendJson(response, 400, { errors: [error.message] });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function parseInput(body: string): Input {
  const input = body === "" ? {} : parseJson(body);
  if (!isRecord(input)) throw new SandboxInputError("the body must be a JSON object");
  return input;
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value === "") throw new SandboxInputError(`"${name}" must be a text`);
  return value;
}

function types(input: Input): string[] {
  const value = input["connectionTypes"];
  if (!isTextList(value)) throw new SandboxInputError('"connectionTypes" must be a list of texts');
  return value;
}
