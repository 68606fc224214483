import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { describe, expect, test } from "vitest";
import { CONNECTIONS, list, useSandbox } from "./harness.js";

const sandbox = useSandbox();

interface Reply {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  errors: string[];
}

/** Sends a request with any headers, `Host` and `Origin` included, which `fetch` does not let anyone set. */
function send(method: string, path: string, headers: OutgoingHttpHeaders = {}, body = ""): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(sandbox().url);
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        const { errors = [] } = (text === "" ? {} : JSON.parse(text)) as { errors?: string[] };
        resolve({ status: response.statusCode, headers: response.headers, errors });
      });
    });
    asked.on("error", reject).end(body);
  });
}

const own = () => new URL(sandbox().url).host;
const port = () => new URL(sandbox().url).port;
const keys = () => {
  const { apiKey, appKey } = sandbox().organization("payments");
  return { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey };
};

/** What a web page of elsewhere could ask for, with the keys that everybody knows. */
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
  ["a site of elsewhere", () => ({ Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" })],
  ["an old browser on a site of elsewhere", () => ({ Origin: "http://evil.example" })],
  ["a page without an origin, such as a sandboxed frame", () => ({ Origin: "null" })],
  ["another server of this machine", () => ({ Origin: "http://localhost:3000" })],
  ["another scheme of the same host", () => ({ Origin: `https://${own()}` })],
  ["a link or an image of elsewhere", () => ({ "Sec-Fetch-Site": "cross-site" })],
  ["a link or an image of another port", () => ({ "Sec-Fetch-Site": "same-site" })],
  ["a name that leads to this machine", () => ({ Host: `rebound.example:${port()}` })],
  ["such a name, as its own origin", () => ({ Host: "a.example", Origin: "http://a.example" })],
  ["a name that begins like this machine's", () => ({ Host: `localhost.evil.example:${port()}` })],
  ["another address", () => ({ Host: "192.168.0.7" })],
])("a request of %s", (_, headers) => {
  test.each(ATTACKS)("%s %s is refused, says why, and changes nothing", async (method, path, body) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    await list(sandbox());
    const { status, headers: sent, errors } = await send(method, path, { ...keys(), ...headers() }, body);
    expect(status).toBe(403);
    expect(errors).toEqual([
      expect.stringMatching(/^the sandbox refuses this request: .*(Host|Origin|Sec-Fetch-Site)/),
    ]);
    expect(sent["content-type"]).toBe("application/json");
    expect(Object.keys(sent).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(
      sandbox()
        .connections()
        .map((one) => one.id),
    ).toEqual([id]);
    expect(sandbox().requests).toHaveLength(1);
    expect((await list(sandbox())).status).toBe(200);
  });
});

test.each([
  ["this machine by its name", () => ({ Host: `localhost:${port()}` })],
  ["this machine by its name in capitals, without a port", () => ({ Host: "LOCALHOST" })],
  ["this machine by its other address", () => ({ Host: `[::1]:${port()}` })],
  ["another port that is forwarded", () => ({ Host: "127.0.0.1:9999" })],
  ["the address bar of a browser", () => ({ "Sec-Fetch-Site": "none" })],
  ["the sandbox's own origin", () => ({ Origin: `http://${own()}`, "Sec-Fetch-Site": "same-origin" })],
])("a request of %s is answered", async (_, headers) => {
  expect((await send("GET", CONNECTIONS, { ...keys(), ...headers() })).status).toBe(200);
  expect((await send("POST", "/_sandbox/reset", headers())).status).toBe(200);
});
