/** The files that the built command loads: commands that send no request start without the HTTP client. */
import { expect, test } from "vitest";
import { createSingle } from "./changes/steps.js";
import { runBuilt } from "./built-command.js";
import { useFolder } from "./folder.js";

const folder = useFolder();
const hub = createSingle("to-hub", "hub", "logs");
folder.write("state.json", { version: 3, deployment: { resources: [hub] } });
folder.write("preview.json", { steps: [{ op: "create", urn: hub.urn, newState: hub }] });
const list = folder.getPath("loaded.json");
const preload = folder.write(
  "preload.cjs",
  `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))));`,
);

/** Runs the built command in its own process, and lists the files that it has loaded when it exits. */
async function listLoaded(args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { stderr } = await runBuilt(args, { cwd: folder.path, env, nodeArguments: ["--require", preload] });
  expect(stderr).not.toMatch(/failed unexpectedly/);
  return JSON.parse(folder.read("loaded.json")) as string[];
}

/** The HTTP client: the library, or our chunks that contain its code. */
const HTTP = /node_modules\/axios\/|cli\/dist\/(client|http)\.js$/;
const GRAPHICS = /cli\/dist\/svg\.js$/;
const REVIEW = /cli\/dist\/review\.js$/;

test.each<[string, RegExp | undefined]>([
  ["--help", undefined],
  ...["review", "sandbox", "inventory", "discover", "doctor", "map"].map((command): [string, undefined] => [
    `${command} --help`,
    undefined,
  ]),
  ["inventory", undefined],
  ["discover", undefined],
  ["doctor", undefined],
  ["review preview.json", REVIEW],
  ["map --state state.json --format svg", GRAPHICS],
])(
  "%s, without credentials, loads no HTTP client, and a graph library only to draw",
  async (command, needed) => {
    const files = await listLoaded(command.split(" "));
    expect(files).toContainEqual(expect.stringMatching(/cli\/dist\/main\.js$/));
    expect(files.filter((file) => HTTP.test(file))).toEqual([]);
    if (needed === undefined) expect(files.filter((file) => GRAPHICS.test(file))).toEqual([]);
    else expect(files).toContainEqual(expect.stringMatching(needed));
  },
);

test("a request for an organization loads it, so these tests would detect it", async () => {
  const env = { DD_HOST: "http://127.0.0.1:1", DD_API_KEY: "a", DD_APP_KEY: "b" };
  const files = await listLoaded(["doctor"], env);
  expect(files).toContainEqual(expect.stringMatching(HTTP));
  // A user of keys does not have the libraries that prove a workload identity.
  const ofClouds = /node_modules\/(@aws-|@azure|@smithy|google-auth-library)/;
  expect(files.filter((file) => ofClouds.test(file))).toEqual([]);
});
