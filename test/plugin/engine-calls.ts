import type * as grpc from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import { toStruct, type TestPlugin } from "./use-plugin.js";

type Fields = Record<string, JavaScriptValue>;

/** The types of resources, as in a URN. */
export type ResourceType = "OrgConnection" | "OrgConnectionSet";

/** A resource in the state of a stack. */
export interface SavedResource {
  id: string;
  inputs: Fields;
  outputs: Fields;
}

/** A difference, without what the protocol adds. */
export interface ShownDifference {
  changes: boolean;
  replaces: string[];
  /** `kind`, or `kind from the state`, by path. */
  detailed: Record<string, string>;
  diffs: string[];
  stables: string[];
  deleteBeforeReplace: boolean;
}

/** Configures a plugin with the keys of each organization of the sandbox, by key. */
export async function configure(
  plugin: TestPlugin,
  sandbox: Sandbox,
  more: Fields = {},
): Promise<TestPlugin> {
  const organizations = Object.fromEntries(
    sandbox.organizations.map(({ key, apiKey, appKey }) => [key, { apiKey, appKey }]),
  );
  await plugin.configure({ url: sandbox.url, organizations, ...more });
  return plugin;
}

/** The calls of an engine for one resource. */
export function openResource(plugin: TestPlugin, type: ResourceType, name: string, parent = "") {
  const urn = `urn:pulumi:dev::app::${parent}datadog-org-connections:index:${type}::${name}`;
  const read = (struct: Struct | undefined): Fields => struct?.toJavaScript() ?? {};
  const check = async (news: Fields, olds: Fields = {}) => {
    const request = new messages.CheckRequest().setUrn(urn).setNews(toStruct(news)).setOlds(toStruct(olds));
    const response = await plugin.call("check", request);
    const failures = response.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
    return { inputs: read(response.getInputs()), failures };
  };
  const create = async (inputs: Fields, { preview = false, timeout = 0 } = {}): Promise<SavedResource> => {
    const request = new messages.CreateRequest().setUrn(urn).setProperties(toStruct(inputs));
    const response = await plugin.call("create", request.setPreview(preview).setTimeout(timeout));
    return { id: response.getId(), inputs, outputs: read(response.getProperties()) };
  };
  return {
    urn,
    check,
    create,
    /** Checks the inputs, which must be valid, and creates the resource. */
    declare: async (news: Fields): Promise<SavedResource> => {
      const { inputs, failures } = await check(news);
      if (failures.length > 0) throw new Error(failures.join("\n"));
      return create(inputs);
    },
    diff: async (
      saved: SavedResource,
      news: Fields,
      ignoreChanges: string[] = [],
    ): Promise<ShownDifference> => {
      const request = new messages.DiffRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(news))
        .setIgnorechangesList(ignoreChanges);
      const response = await plugin.call("diff", request);
      const kinds = Object.entries(messages.PropertyDiff.Kind);
      return {
        changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: response.getReplacesList(),
        diffs: response.getDiffsList(),
        stables: response.getStablesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
        detailed: Object.fromEntries(
          [...response.getDetaileddiffMap().entries()].map(([path, change]) => {
            const kind = kinds.find(([, value]) => value === change.getKind())?.[0] ?? "";
            return [path, `${kind}${change.getInputdiff() ? "" : " from the state"}`];
          }),
        ),
      };
    },
    update: async (
      saved: SavedResource,
      news: Fields,
      { preview = false, ignoreChanges = [] as string[], timeout = 0 } = {},
    ): Promise<SavedResource> => {
      const request = new messages.UpdateRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(news))
        .setIgnorechangesList(ignoreChanges)
        .setPreview(preview)
        .setTimeout(timeout);
      const response = await plugin.call("update", request);
      return { id: saved.id, inputs: news, outputs: read(response.getProperties()) };
    },
    read: async (saved: SavedResource): Promise<SavedResource> => {
      const request = new messages.ReadRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setProperties(toStruct(saved.outputs))
        .setInputs(toStruct(saved.inputs));
      const response = await plugin.call("read", request);
      return {
        id: response.getId(),
        inputs: read(response.getInputs()),
        outputs: read(response.getProperties()),
      };
    },
    delete: async ({ id, outputs }: SavedResource, timeout = 0): Promise<void> => {
      const request = new messages.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(outputs));
      await plugin.call("delete", request.setTimeout(timeout));
    },
  };
}

/** What the engine keeps of a create or update that failed in part. */
export interface PartialState extends SavedResource {
  reasons: string[];
}

/** Returns what an error of gRPC keeps, as the engine reads it; undefined if it keeps nothing. */
export function parsePartialState(error: unknown): PartialState | undefined {
  const [details] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(details).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(
    detail?.getValue_asU8() ?? new Uint8Array(),
  );
  return {
    id: failed.getId(),
    inputs: failed.getInputs()?.toJavaScript() ?? {},
    outputs: failed.getProperties()?.toJavaScript() ?? {},
    reasons: failed.getReasonsList(),
  };
}
