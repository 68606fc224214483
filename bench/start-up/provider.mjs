import grpc from "@grpc/grpc-js";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import structs from "google-protobuf/google/protobuf/struct_pb.js";

const require = createRequire(import.meta.url);
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { CheckRequest } = require("@pulumi/pulumi/proto/provider_pb");

/**
 * Starts the dynamic provider process as the engine does, and calls check for an unchanged resource.
 * @param {{ node: string, cwd: string, env: NodeJS.ProcessEnv, inputs: Record<string, any> }} options
 *   `inputs` includes the provider line
 * @returns {Promise<{ listeningMs: number, respondedMs: number }>} from the start of the process
 */
export async function startProvider({ node, cwd, env, inputs }) {
  const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const started = performance.now();
  // No engine listens at this address. Check does not need it.
  const child = spawn(node, [script, "127.0.0.1:9"], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise((resolve, reject) => {
      child.stdout.once("data", (chunk) => resolve(Number(String(chunk))));
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the provider process exited with ${code}`)));
    });
    const listeningMs = performance.now() - started;
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:dev::bench::pulumi-nodejs:dynamic/datadog:OrgConnection::to-0");
    request.setOlds(structs.Struct.fromJavaScript(inputs));
    request.setNews(structs.Struct.fromJavaScript(inputs));
    await new Promise((resolve, reject) =>
      client.check(request, (/** @type {Error | null} */ error) =>
        error ? reject(error) : resolve(undefined),
      ),
    );
    const respondedMs = performance.now() - started;
    client.close();
    return { listeningMs, respondedMs };
  } finally {
    child.kill("SIGKILL");
  }
}
