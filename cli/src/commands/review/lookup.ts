import { computeChanges } from "../../changes/compute-changes.js";
import { addDefaultOrganization, OrganizationDirectory } from "../../changes/organization-directory.js";
import type { OrganizationRef } from "../../changes/shared-data.js";
import type { StateResource } from "../../stack/resource-state.js";
import type { ProviderFacts, Preview } from "../../stack/step.js";
import {
  formatOrganizationLabel,
  resolveCredentials,
  type Settings,
} from "datadog-org-connections-core/credentials/resolve.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { mapConcurrent } from "datadog-org-connections-core/operation/map-concurrent.js";
import { findStackFile, type SelectedStack } from "../../stack/pulumi.js";
import { listConfiguredOrganizations } from "../../live/organizations.js";
import { pickPreviewConfig, type PreviewConfig } from "./preview-config.js";
import type { Progress } from "../../shared/progress.js";
import { formatCount } from "../../shared/text.js";
import { isDeepStrictEqual } from "node:util";

/** The maximum count of organizations that are read concurrently. */
const MAX_CONCURRENT = 8;
/** The maximum count of failed lookups in the notes. */
const MAX_NOTES = 5;

interface LookupInputs {
  previews: readonly Preview[];
  state: readonly StateResource[] | undefined;
  stateProviders: readonly ProviderFacts[] | undefined;
  /** The stack whose configuration and credentials are read for its preview. If absent, only the environment has credentials. */
  selected: SelectedStack | undefined;
  env: Readonly<Record<string, string | undefined>>;
  progress: Progress;
}

/**
 * Reads the names of organizations and creators, and the live connections, from Datadog. A failed lookup is a note and not an
 * error, because the report is useful without the lookup.
 *
 * - For a preview, uses the credentials of the sources whose connections change or are reported as gone.
 * - For a plan, which does not name credentials, uses the credentials of all organizations in the environment. If the plan is the
 *   only input, also uses those of all organizations in the selected stack.
 */
export async function runLookup(
  inputs: LookupInputs,
): Promise<{ directory: OrganizationDirectory; notes: string[] }> {
  const directory = new OrganizationDirectory({ hasLookup: true });
  const found = new Set<string>();
  const sources = listChangedSources(inputs);
  for (const preview of inputs.previews)
    for (const note of await readForPreview(preview, sources, inputs, directory)) found.add(note);
  const notes = [...found];
  const more = notes.length - MAX_NOTES;
  return {
    directory,
    notes:
      more > 0
        ? [...notes.slice(0, MAX_NOTES), `The lookup failed ${formatCount(more, "more time")}.`]
        : notes,
  };
}

/** Reads the organizations and connections that concern one preview. Returns a note about each failure. */
async function readForPreview(
  preview: Preview,
  allSources: readonly OrganizationRef[],
  inputs: LookupInputs,
  directory: OrganizationDirectory,
): Promise<string[]> {
  const { progress } = inputs;
  let access: Access;
  try {
    access = await prepareAccess(preview, allSources, inputs);
  } catch (error) {
    return [`The lookup failed for ${preview.location}: ${formatError(error)}`];
  }
  const { sources, namedLookupProblem } = access;
  let done = 0;
  const failures = await mapConcurrent(sources, MAX_CONCURRENT, async (source) => {
    const failure =
      (source === undefined ? undefined : namedLookupProblem) ??
      (await readIntoDirectory(access, source, directory, preview));
    progress.show(`${++done} of ${formatCount(sources.length, "organization")} read`);
    return failure === undefined
      ? []
      : [`The lookup failed for ${formatOrganizationLabel(source)}: ${failure}`];
  });
  return failures.flat();
}

/** The sources whose credentials the lookup for one preview uses, and the sessions that send its requests. */
interface Access extends Pick<PreviewConfig, "namedLookupProblem"> {
  sessions: Sessions;
  /** Whether dynamic resources and the plugin's default provider certainly have the same default organization. */
  sharesDefaultWithPlugin: boolean;
  /** The names of the sources; `undefined` for the default organization. */
  sources: readonly (string | undefined)[];
}

/** @throws if the configuration cannot be read or is invalid */
async function prepareAccess(
  preview: Preview,
  allSources: readonly OrganizationRef[],
  inputs: LookupInputs,
): Promise<Access> {
  const { env, progress } = inputs;
  const { config, namedLookupProblem } = await loadConfig(preview, inputs);
  const sessions = new Sessions(
    () => ({ config, env }),
    (waiting) => progress.show(waiting),
  );
  const sources =
    preview.kind === "plan"
      ? listConfiguredOrganizations([{ config, env }]).map(({ source }) => source)
      : listSourceNames(preview, allSources);
  return {
    sessions,
    sources,
    namedLookupProblem,
    sharesDefaultWithPlugin: hasSameDefaultAsPlugin({ config, env }),
  };
}

/**
 * Loads the decrypted configuration of the selected stack if the input is a preview of this stack. Otherwise, picks the usable part
 * of the configuration in the input. A single input, even a plan, counts as a preview of the selected stack.
 */
async function loadConfig(
  preview: Preview,
  { previews, selected, env }: LookupInputs,
): Promise<PreviewConfig> {
  if (!selected) return pickPreviewConfig(preview.config, env);
  const isOfSelected = previews.length === 1 || isPreviewOfStack(preview, selected);
  if (!isOfSelected) return pickPreviewConfig(preview.config, env);
  const { readConfig } = await import("../../stack/pulumi.js");
  const values = await readConfig(selected);
  return { config: (key) => values[key] };
}

/** Whether a preview is of this stack. Stacks of different projects may have the same name, so the projects are compared, too. */
function isPreviewOfStack({ stack }: Preview, selected: SelectedStack): boolean {
  // The name may be qualified: `organization/project/dev`.
  if (!stack || stack.stack !== selected.stack.split("/").at(-1)) return false;
  return findStackFile(selected.stack, selected.cwd, stack.project) !== undefined;
}

/** Lists the sources of all changes, and of the connections that a preview reports as gone. */
function listChangedSources({ previews, state, stateProviders }: LookupInputs): OrganizationRef[] {
  const { changes, reportedGone } = computeChanges(previews, state, undefined, undefined, stateProviders);
  return [...changes.flatMap(({ before, after }) => [before, after]), ...reportedGone].flatMap((shared) =>
    shared ? [shared.source] : [],
  );
}

/**
 * Lists the names of the sources of a preview. A name comes from the program. If only the UUID is known, the name comes from the
 * configuration or the state of the stack. The default organization is `undefined`. Other sources without a name are omitted.
 */
const listSourceNames = (
  { location }: Preview,
  sources: readonly OrganizationRef[],
): (string | undefined)[] => [
  ...new Set(
    sources
      .filter((source) => source.location === location)
      .flatMap(({ isDefault, alias }) =>
        isDefault === true ? [undefined] : alias !== undefined ? [alias] : [],
      ),
  ),
];

/**
 * Adds to the directory the organizations and connections that the credentials of a source can see. Returns an error message if
 * some of them cannot be read.
 */
async function readIntoDirectory(
  { sessions, sharesDefaultWithPlugin }: Access,
  source: string | undefined,
  directory: OrganizationDirectory,
  preview: Preview,
): Promise<string | undefined> {
  try {
    const session = sessions.getSession(source);
    // If one request fails, the result of the other request is still useful.
    const [caller, listing] = await Promise.allSettled([
      addOrganizations(session, source, directory, { ...preview, sharesDefaultWithPlugin }),
      addConnections(session, directory),
    ]);
    if (caller.status === "rejected") return formatError(caller.reason);
    if (listing.status === "rejected") return formatError(listing.reason);
    directory.markListed(caller.value);
    return undefined;
  } catch (error) {
    return formatError(error);
  }
}

/** Adds the organizations that a session can see. Returns the UUID of the calling organization, according to Datadog. */
async function addOrganizations(
  session: Session,
  source: string | undefined,
  directory: OrganizationDirectory,
  {
    kind,
    location,
    sharesDefaultWithPlugin,
  }: Pick<Preview, "kind" | "location"> & Pick<Access, "sharesDefaultWithPlugin">,
): Promise<string> {
  const { callerId, organizations } = await session.getOrganizations();
  // The resources of a plan do not refer to organizations by configured names.
  if (kind === "preview" && source !== undefined) directory.addSource(source, callerId, location);
  if (kind === "preview" && source === undefined)
    addDefaultOrganization(directory, callerId, location, { isOfPlugin: sharesDefaultWithPlugin });
  for (const { id, name } of organizations) directory.addName(id, name);
  return callerId;
}

async function addConnections(session: Session, directory: OrganizationDirectory): Promise<void> {
  const { connections, users = [] } = await session.getListing();
  for (const user of users) directory.addUser(user);
  for (const { id, source, sink, createdBy, createdAt, connectionTypes } of connections) {
    directory.addName(source?.id, source?.name);
    directory.addName(sink?.id, sink?.name);
    if (createdBy) directory.addUser(createdBy);
    directory.addConnectionId(id);
    if (!source || !sink) continue;
    directory.addConnection({
      id,
      sourceOrgId: source.id,
      sinkOrgId: sink.id,
      connectionTypes,
      createdAt,
      ...(createdBy && { createdBy }),
    });
  }
}

const formatError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Whether dynamic resources and the plugin's default provider certainly have the same default organization. This is certain if
 * both have the same credentials and the same address. These can differ, because dynamic resources also read the settings of the
 * Datadog provider, such as `datadog:apiKey`, and the plugin does not. False if the settings of either are invalid or contain no
 * credentials.
 */
export function hasSameDefaultAsPlugin(settings: Settings): boolean {
  try {
    const [ofDynamic, ofPlugin] = [true, false].map((readsDatadogProvider) => {
      const { authentication, baseUrl } = resolveCredentials(undefined, {
        ...settings,
        readsDatadogProvider,
      });
      return { authentication, baseUrl };
    });
    return isDeepStrictEqual(ofDynamic, ofPlugin);
  } catch {
    return false;
  }
}
