/** Programs as data: the engine can run them attached or, so that a process can be killed, in processes of their own. */
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { OrgConnectionArgs, OrgConnectionSetArgs } from "../../../provider/src/index.js";

/** The arguments of a resource's constructor. */
export type Declaration = { name: string; options?: CustomResourceOptions } & (
  | { kind: "OrgConnection"; args: OrgConnectionArgs }
  | { kind: "OrgConnectionSet"; args: OrgConnectionSetArgs }
);

/** Formats the statements of a JavaScript program. */
export const formatStatements = (declarations: readonly Declaration[]): string =>
  declarations
    .map(
      ({ kind, name, args, options = {} }) =>
        `new ${kind}("${name}", ${JSON.stringify(args)}, ${JSON.stringify(options)});`,
    )
    .join("\n");
