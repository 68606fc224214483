import { json } from "datadog-org-connections-core/api/json.js";
import { listAll } from "datadog-org-connections-core/api/paging.js";
import {
  parseOrganizations,
  parsePage,
  type ManagedOrganizations,
  type Page,
  type Party,
} from "datadog-org-connections-core/api/parse.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { callerCandidates, provenCaller } from "datadog-org-connections-core/operation/caller.js";
import type { Look, Probe } from "./probe.js";

/** What the answers to the two lists hold, by the parser, the page rules and the proof that every command goes by. */
export interface Listed {
  /** The first page of the connections; none when there is no such answer, or one of another form. */
  page?: Page;
  /** `gaps`: rows are missing, or contradict the list's own total. `continues`: there are more pages, not asked for. */
  extent?: "whole" | "gaps" | "continues";
  /** Whom the keys can see, by `GET /api/v2/org`. */
  managed?: ManagedOrganizations;
  /** The organizations that the keys can belong to; one when that is proven. */
  callers: Party[];
}

/** Reads the answers to the two lists. Makes no request. */
export async function readListed({ list, organizations }: Probe): Promise<Listed> {
  const page = parsed(list, parsePage);
  const managed = parsed(organizations, parseOrganizations);
  return {
    ...(page && { page, extent: await extentOf(page) }),
    ...(managed && { managed }),
    callers: callersOf(page, managed),
  };
}

async function extentOf(page: Page): Promise<"whole" | "gaps" | "continues"> {
  const furtherPage = new Error("not asked for");
  try {
    const listing = await listAll(({ offset }) =>
      offset === 0 ? Promise.resolve(page) : Promise.reject(furtherPage),
    );
    return listing ? "whole" : "gaps";
  } catch (error) {
    if (error !== furtherPage) throw error;
    // Only a full page is followed by another one.
    return page.total !== undefined && page.connections.length < PAGE_LIMIT ? "gaps" : "continues";
  }
}

function callersOf(page: Page | undefined, managed: ManagedOrganizations | undefined): Party[] {
  const candidates = callerCandidates(page?.connections ?? []);
  const id = provenCaller(
    candidates.map((one) => one.id),
    managed?.callerId,
  );
  if (id === undefined) return candidates;
  const name = [...candidates, ...(managed?.organizations ?? [])].find((one) => one.id === id)?.name;
  return [{ id, ...(name !== undefined && { name }) }];
}

function parsed<T>(look: Look | undefined, parse: (body: unknown) => T): T | undefined {
  if (look?.answer?.status !== 200) return undefined;
  try {
    return parse(json(look.answer.text));
  } catch {
    return undefined;
  }
}
