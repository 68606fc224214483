import ts from "typescript";
import type { DraftInputs } from "../../../../cli/src/commands/discover/draft.js";
import { resolveSourceNames } from "../../../../cli/src/commands/discover/read-draft-inputs.js";
import type { LiveConnection, OrganizationStatus } from "../../../../cli/src/live/read-live.js";
import type { ManagedConnection } from "../../../../cli/src/stack/managed.js";

/** A UUID for a small number. */
export const createUuid = (number: number, group = "aaaaaaaa"): string =>
  `${group}-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Creates an organization that was read, by its number: configured as `org-1`. */
export const createOrganization = (number: number, name?: string): OrganizationStatus => ({
  names: [`org-${number}`],
  id: createUuid(number),
  checked: true,
  ...(name !== undefined && { name }),
});

/** Creates a live connection between two organizations, by their numbers. */
export function createConnection(
  source: number,
  sink: number,
  more: Partial<LiveConnection> = {},
): LiveConnection {
  return {
    id: createUuid(1000 * source + sink, "cccccccc"),
    source: { id: createUuid(source), name: `Acme ${source}` },
    sink: { id: createUuid(sink), name: `Acme ${sink}` },
    connectionTypes: ["logs"],
    createdAt: "2026-01-01T00:00:00Z",
    listedBy: [`org-${source}`],
    ...more,
  };
}

/** Creates the inputs of a draft. The program uses the configured name of each organization. */
export function createDraftInputs(
  organizations: OrganizationStatus[],
  connections: LiveConnection[],
  managed: ManagedConnection[] = [],
): DraftInputs {
  return {
    live: { organizations, connections },
    sourceNames: resolveSourceNames(organizations, (at) => organizations[at]?.names[0]),
    managed: { connections: managed, unreadable: [] },
  };
}

/** A resource that a program declares. */
export interface Declared {
  kind: string;
  name: string;
  args: Record<string, unknown>;
  options: unknown;
}

/**
 * Runs a program and returns the resources that it declares.
 *
 * @throws if it is not valid TypeScript
 */
export function runProgram(program: string): Declared[] {
  const { outputText, diagnostics = [] } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  const [first] = diagnostics;
  if (first) throw new Error(ts.flattenDiagnosticMessageText(first.messageText, "\n"));
  const declared: Declared[] = [];
  const createResource = (kind: string) =>
    function (name: string, args: Record<string, unknown>, options: unknown): void {
      declared.push({ kind, name, args, options });
    };
  const require = (name: string) => {
    if (name !== "pulumi-datadog-org-connections") throw new Error(`the program requires ${name}`);
    return { OrgConnection: createResource("single"), OrgConnectionSet: createResource("set") };
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- to see what it declares
  new Function("require", "exports", outputText)(require, {});
  return declared;
}
