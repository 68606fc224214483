import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { describe, expect, test } from "vitest";
import { CONNECTIONS, list, useSandbox } from "./harness.js";

const sandbox = useSandbox();

interface ReceivedResponse {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  errors: string[];
}

/** Sends a request with any headers, including `Host` and `Origin`, which `fetch` does not allow to set. */
function send(
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body = "",
): Promise<ReceivedResponse> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(sandbox().url);
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        const { errors = [] } = (text === "" ? {} : JSON.parse(text)) as { errors?: string[] };
        resolve({ status: response.statusCode, headers: response.headers, errors });
      });
    });
    outgoing.on("error", reject).end(body);
  });
}

const getHost = () => new URL(sandbox().url).host;
const getPort = () => new URL(sandbox().url).port;
const getKeyHeaders = () => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  return { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey };
};

/** Requests that another website could send with the public keys. */
const ATTACKS: [method: string, path: string, body?: string][] = [
  ["POST", "/_sandbox/reset"],
  ["GET", "/_sandbox/organizations"],
  ["POST", "/_sandbox/faults", '{"what":{"kind":"reset"}}'],
  ["DELETE", "/_sandbox/requests"],
  ["GET", CONNECTIONS],
  ["OPTIONS", CONNECTIONS],
  ["OPTIONS", "/_sandbox/reset"],
];

describe.each([
  ["another website", () => ({ Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" })],
  ["an old browser on another website", () => ({ Origin: "http://evil.example" })],
  ["a page without an origin, such as a sandboxed frame", () => ({ Origin: "null" })],
  ["another server on this machine", () => ({ Origin: "http://localhost:3000" })],
  ["another scheme of the same host", () => ({ Origin: `https://${getHost()}` })],
  ["a link or an image on another website", () => ({ "Sec-Fetch-Site": "cross-site" })],
  ["a link or an image on another port", () => ({ "Sec-Fetch-Site": "same-site" })],
  ["a host name that resolves to this machine", () => ({ Host: `rebound.example:${getPort()}` })],
  ["such a host name, as its own origin", () => ({ Host: "a.example", Origin: "http://a.example" })],
  [
    "a host name that starts like the one of this machine",
    () => ({ Host: `localhost.evil.example:${getPort()}` }),
  ],
  ["another address", () => ({ Host: "192.168.0.7" })],
])("a request from %s", (_, headers) => {
  test.each(ATTACKS)("%s %s is refused with a reason and changes nothing", async (method, path, body) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    await list(sandbox());
    const {
      status,
      headers: sent,
      errors,
    } = await send(method, path, { ...getKeyHeaders(), ...headers() }, body);
    expect(status).toBe(403);
    expect(errors).toEqual([
      expect.stringMatching(/^the sandbox refuses this request: .*(Host|Origin|Sec-Fetch-Site)/),
    ]);
    expect(sent["content-type"]).toBe("application/json");
    expect(Object.keys(sent).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(
      sandbox()
        .listConnections()
        .map((one) => one.id),
    ).toEqual([id]);
    expect(sandbox().requests).toHaveLength(1);
    expect((await list(sandbox())).status).toBe(200);
  });
});

test.each([
  ["this machine by its name", () => ({ Host: `localhost:${getPort()}` })],
  ["this machine by its name in capitals, without a port", () => ({ Host: "LOCALHOST" })],
  ["this machine by its other address", () => ({ Host: `[::1]:${getPort()}` })],
  ["another, forwarded port", () => ({ Host: "127.0.0.1:9999" })],
  ["the address bar of a browser", () => ({ "Sec-Fetch-Site": "none" })],
  ["the sandbox's own origin", () => ({ Origin: `http://${getHost()}`, "Sec-Fetch-Site": "same-origin" })],
])("a request from %s is accepted", async (_, headers) => {
  expect((await send("GET", CONNECTIONS, { ...getKeyHeaders(), ...headers() })).status).toBe(200);
  expect((await send("POST", "/_sandbox/reset", headers())).status).toBe(200);
});
