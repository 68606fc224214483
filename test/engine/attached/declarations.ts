/** Programs as data: the engine can run them attached or, so that a process can be killed, in processes of their own. */
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { OrgConnectionArgs, OrgConnectionSetArgs } from "../../../provider/src/index.js";

/** What serves a resource: the dynamic provider of the package, by default, or the plugin. */
type Host = "dynamic" | "plugin";

/** The arguments of a resource's constructor. */
export type Declaration = { name: string; options?: CustomResourceOptions; host?: Host } & (
  | { kind: "OrgConnection"; args: OrgConnectionArgs }
  | { kind: "OrgConnectionSet"; args: OrgConnectionSetArgs }
);

/** The arguments of a connection except for its destination. */
export type ConnectionArgs = Omit<OrgConnectionArgs, "sinkOrgId">;
export const LOGS: ConnectionArgs = { connectionTypes: ["logs"] };
export const ADOPT: ConnectionArgs = { ...LOGS, adopt: true };

/** Declares the resources of the organizations of a sandbox by their keys. */
export function createDeclare(getOrgId: (key: string) => string) {
  return {
    /** Declares a connection to the organization `sink`. */
    declare: (
      name: string,
      sink: string,
      args: ConnectionArgs = LOGS,
      options: CustomResourceOptions = {},
    ): Declaration => ({
      kind: "OrgConnection",
      name,
      args: { sinkOrgId: getOrgId(sink), ...args },
      options,
    }),
    /** Declares a set, whose connections are such as `{ observability: "logs, metrics" }`. */
    declareSet: (
      name: string,
      connections: Record<string, string>,
      args: Omit<OrgConnectionSetArgs, "connections"> = {},
      options: CustomResourceOptions = {},
    ): Declaration => {
      const typesBySink = Object.entries(connections).map(([sink, types]) => [
        getOrgId(sink),
        types.split(", "),
      ]);
      const all = Object.fromEntries(typesBySink) as Record<string, string[]>;
      return { kind: "OrgConnectionSet", name, args: { connections: all, ...args }, options };
    },
  };
}

/** Formats the statements of a JavaScript program. */
export const formatStatements = (declarations: readonly Declaration[]): string =>
  declarations
    .map(({ host, kind, name, args, options = {} }) => {
      const of = host === "plugin" ? `pulumi.CustomResource("${getPluginType(kind)}", ` : `${kind}(`;
      return `new ${of}"${name}", ${JSON.stringify(args)}, ${JSON.stringify(options)});`;
    })
    .join("\n");

export const getPluginType = (kind: Declaration["kind"]): string => `datadog-org-connections:index:${kind}`;
