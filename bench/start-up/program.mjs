import grpc from "@grpc/grpc-js";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb");
const monitor = require("@pulumi/pulumi/proto/resource_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const engine = require("@pulumi/pulumi/proto/engine_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");

/**
 * Runs a program as Pulumi's language host does, with a mock engine, until it registers its first resource.
 * @param {{ node: string, cwd: string, env: NodeJS.ProcessEnv, typescript: boolean }} options
 * @returns {Promise<number>} milliseconds from the start of the process
 */
export async function startProgram({ node, cwd, env, typescript }) {
  /** @type {(type: string) => void} */
  let registered = () => undefined;
  let output = "";
  const server = new grpc.Server();
  server.addService(
    ResourceMonitorService,
    createMonitor((type) => registered(type)),
  );
  server.addService(
    EngineService,
    createEngine((message) => (output += message)),
  );
  const port = await new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const script = require.resolve("@pulumi/pulumi/cmd/run");
  const address = `127.0.0.1:${port}`;
  const args = [
    script,
    "--project=bench",
    "--stack=dev",
    "--dry-run",
    `--monitor=${address}`,
    `--engine=${address}`,
    ".",
  ];
  const started = performance.now();
  const child = spawn(node, args, {
    cwd,
    env: { ...env, PULUMI_NODEJS_TYPESCRIPT: String(typescript) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  try {
    return await new Promise((resolve, reject) => {
      registered = (type) => type !== "pulumi:pulumi:Stack" && resolve(performance.now() - started);
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`the program exited with ${code}:\n${output}`)));
    });
  } finally {
    // Kill the child before the server: Node 22.23 crashes in http2 if a stream closes while a message
    // arrives.
    const exited = child.exitCode === null ? once(child, "close") : undefined;
    child.kill("SIGKILL");
    await exited;
    server.forceShutdown();
  }
}

/** @param {(type: string) => void} onRegistered */
function createMonitor(onRegistered) {
  return {
    supportsFeature: createHandler(() => new monitor.SupportsFeatureResponse()),
    registerResource: createHandler((request) => {
      onRegistered(request.getType());
      const response = new monitor.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:dev::bench::${request.getType()}::${request.getName()}`);
      response.setObject(request.getObject());
      return response;
    }),
    registerResourceOutputs: createHandler(() => new Empty()),
    signalAndWaitForShutdown: createHandler(() => new Empty()),
    ...createUnimplemented([
      "invoke",
      "streamInvoke",
      "call",
      "readResource",
      "registerStackTransform",
      "registerStackInvokeTransform",
    ]),
    ...createUnimplemented(["registerResourceHook", "registerErrorHook", "registerPackage"]),
  };
}

/** @param {(message: string) => void} onMessage */
function createEngine(onMessage) {
  return {
    log: createHandler((request) => {
      onMessage(request.getMessage());
      return new Empty();
    }),
    getRootResource: createHandler(() => new engine.GetRootResourceResponse()),
    setRootResource: createHandler(() => new engine.SetRootResourceResponse()),
    ...createUnimplemented(["startDebugging", "requirePulumiVersion"]),
  };
}

/** @param {(request: any) => any} make @returns {grpc.handleUnaryCall<any, any>} */
function createHandler(make) {
  return (call, callback) => callback(null, make(call.request));
}

/** @param {string[]} names @returns {Record<string, grpc.handleUnaryCall<any, any>>} */
function createUnimplemented(names) {
  /** @type {grpc.handleUnaryCall<any, any>} */
  const rejectCall = (_, callback) => callback({ code: grpc.status.UNIMPLEMENTED });
  return Object.fromEntries(names.map((name) => [name, rejectCall]));
}
