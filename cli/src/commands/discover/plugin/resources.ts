import { formatLiteral } from "../literal.js";
import { PLUGIN_SET_TYPE, PLUGIN_SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import type { Draft, Form } from "../draft.js";

/** A destination of a resource. */
interface Destination {
  id: string;
  /** Its label (`createLabels`), for a comment. */
  label: string;
  /** If absent, the types are unspecified. */
  types?: readonly string[] | undefined;
}

/** A resource of the plugin, as the program declares it. */
export interface PluginResource {
  name: string;
  form: Form;
  type: string;
  source?: string | undefined;
  destinations: [Destination, ...Destination[]];
  adopt: boolean;
  /** The URN of the resource from which the connection moves. */
  formerUrn?: string | undefined;
  /** The ID for `pulumi import`: the UUID of the connection, or of the source organization of a set. */
  importId: string;
}

/** The resources of one source organization. */
export interface ResourceGroup {
  /** The text of a comment with the name of the organization. */
  heading: string;
  resources: PluginResource[];
}

/** Lists the resources of the plugin that declare the connections of a draft, by source organization. */
export const listResources = ({ form, adopt, sources }: Draft): ResourceGroup[] =>
  sources.map(({ label, id, source, resource, entries }): ResourceGroup => {
    const heading = `From ${label.includes(id) ? formatLiteral(label) : `${formatLiteral(label)} (${id})`}`;
    const destinations = entries.map(({ sink, sinkOrgId, connectionTypes }): Destination => ({
      id: sinkOrgId,
      label: sink,
      types: connectionTypes,
    }));
    const [first, ...others] = destinations;
    if (form === "single" || !first)
      return {
        heading,
        resources: entries.flatMap(({ resource: name, live, owner }, at) => {
          const destination = destinations[at];
          const formerUrn = adopt ? undefined : owner?.address;
          const common = {
            name,
            form,
            type: PLUGIN_SINGLE_TYPE,
            source,
            adopt,
            formerUrn,
            importId: live.id,
          };
          return destination ? [{ ...common, destinations: [destination] }] : [];
        }),
      };
    const set = { name: resource, form, type: PLUGIN_SET_TYPE, source, adopt, importId: id };
    return { heading, resources: [{ ...set, destinations: [first, ...others] }] };
  });
