// A plugin that sends no requests: it converts the messages of the engine, as every plugin for Node does, and returns
// data like ours, of the same size. It has our name and our schema, so it runs the same programs. The benchmark bundles it
// as ours is bundled (bench/systems/nothing-plugin.mjs).
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const SOURCE = "aaaaaaaa-0003-4000-8000-000000000003";
const { DiffChanges } = messages.DiffResponse;

/** Creates the method of the service that responds with the result. */
const respond = (respondTo) => (call, callback) => callback(null, respondTo(call.request));
const read = (struct) => struct?.toJavaScript() ?? {};
const write = (properties) => Struct.fromJavaScript(properties);

function createOutputs(inputs) {
  const details = {
    createdAt: "2026-11-25T03:57:30.385000+00:00",
    createdBy: "aaaaaaaa-0003-4000-8000-f00000000003",
  };
  const outputs = { ...inputs, sourceOrgId: SOURCE, sourceOrgName: "Acme Payments" };
  if (inputs.connections === undefined) return { ...outputs, ...details, sinkOrgName: "Acme Observability" };
  const members = Object.keys(inputs.connections).map((sink) => [
    sink,
    { id: sink, sinkOrgName: "Acme Source 1000", ...details },
  ]);
  return { ...outputs, members: Object.fromEntries(members) };
}

const select = ({ connections, connectionTypes }) => JSON.stringify([connections, connectionTypes]);
const createId = (inputs) => createHash("sha256").update(JSON.stringify(inputs)).digest("hex");

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(ResourceProviderService, {
  getPluginInfo: respond(() => new PluginInfo().setVersion("0.1.0")),
  getSchema: respond(() =>
    new messages.GetSchemaResponse().setSchema(
      readFileSync(path.join(path.dirname(process.argv[1]), "schema.json"), "utf8"),
    ),
  ),
  checkConfig: respond((request) => new messages.CheckResponse().setInputs(request.getNews())),
  diffConfig: respond(() => new messages.DiffResponse()),
  configure: respond(() => new messages.ConfigureResponse().setSupportspreview(true)),
  check: respond((request) => new messages.CheckResponse().setInputs(write(read(request.getNews())))),
  diff: respond((request) => {
    const isSame = select(read(request.getOlds())) === select(read(request.getNews()));
    return new messages.DiffResponse().setChanges(isSame ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
  }),
  create: respond((request) => {
    const inputs = read(request.getProperties());
    const created = new messages.CreateResponse().setProperties(write(createOutputs(inputs)));
    return request.getPreview() ? created : created.setId(createId(inputs));
  }),
  read: respond((request) =>
    new messages.ReadResponse()
      .setId(request.getId())
      .setProperties(write(read(request.getProperties())))
      .setInputs(write(read(request.getInputs()))),
  ),
  update: respond((request) =>
    new messages.UpdateResponse().setProperties(write(createOutputs(read(request.getNews())))),
  ),
  delete: respond(() => new Empty()),
  cancel: respond(() => new Empty()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.on("SIGINT", () => process.exit(0));
  process.stdout.write(`${port}\n`);
});
