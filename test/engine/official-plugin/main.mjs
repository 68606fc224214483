// An imitation of the plugin of `@pulumi/datadog`, which no package registry serves. It has one resource,
// datadog:index/orgConnection:OrgConnection, and behaves like version 5.8.0 in the recordings: it creates, updates and
// deletes by ID, its state has the same properties, and its Read returns the state without a request.
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { createConnection, deleteConnection, updateConnection } from "./api.mjs";

/** @typedef {Record<string, any>} Properties */

/** @param {struct.Struct | undefined} properties @returns {Properties} */
const read = (properties) => properties?.toJavaScript() ?? {};
/** @param {Properties} properties */
const toStruct = (properties) => struct.Struct.fromJavaScript(/** @type {any} */ (properties));

/** @type {Properties} */
let config = {};

/**
 * Serves a call. An error goes to the engine.
 * @param {(request: any) => any} work
 */
const serve = (work) => (/** @type {any} */ call, /** @type {any} */ callback) =>
  void Promise.resolve(call.request)
    .then(work)
    .then(
      (response) => callback(null, response),
      (error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
    );

/** @param {any} request */
function check(request) {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

/** @param {any} request */
function configure(request) {
  config = unwrapSecrets(read(request.getArgs()));
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(false);
  return response;
}

/** The engine passes a secret as an object with its value. @param {Properties} values @returns {Properties} */
const unwrapSecrets = (values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value?.value ?? value]));

/** @param {any} request */
function diff(request) {
  const [olds, news] = [read(request.getOlds()), read(request.getNews())];
  const changed = ["connectionTypes", "sinkOrgId"].filter(
    (name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]),
  );
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(changed.filter((name) => name === "sinkOrgId"));
  return response;
}

/** @param {any} request */
async function create(request) {
  const inputs = read(request.getProperties());
  const response = new messages.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(toStruct(inputs));
    return response;
  }
  const properties = await createConnection(config, inputs);
  response.setId(properties.id);
  response.setProperties(toStruct(properties));
  return response;
}

/** @param {any} request */
function readResource(request) {
  const response = new messages.ReadResponse();
  response.setId(request.getId());
  response.setProperties(request.getProperties());
  response.setInputs(request.getInputs());
  return response;
}

/** @param {any} request */
async function update(request) {
  const [olds, news] = [read(request.getOlds()), read(request.getNews())];
  if (!request.getPreview()) await updateConnection(config, request.getId(), news["connectionTypes"]);
  const response = new messages.UpdateResponse();
  response.setProperties(toStruct({ ...olds, ...news }));
  return response;
}

/** @param {any} request */
async function remove(request) {
  await deleteConnection(config, request.getId());
  return new empty.Empty();
}

function getPluginInfo() {
  const response = new plugin.PluginInfo();
  response.setVersion("5.8.0");
  return response;
}

const server = new grpc.Server();
server.addService(
  services.ResourceProviderService,
  /** @type {any} */ ({
    getPluginInfo: serve(getPluginInfo),
    checkConfig: serve(check),
    diffConfig: serve(() => new messages.DiffResponse()),
    configure: serve(configure),
    check: serve(check),
    diff: serve(diff),
    create: serve(create),
    read: serve(readResource),
    update: serve(update),
    delete: serve(remove),
    cancel: serve(() => new empty.Empty()),
  }),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
