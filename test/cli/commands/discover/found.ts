import ts from "typescript";
import type { Found } from "../../../../cli/src/commands/discover/plan.js";
import type { LiveConnection, LookedAt } from "../../../../cli/src/live/read-live.js";
import type { ManagedConnection } from "../../../../cli/src/stack/managed.js";

/** A UUID for a small number. */
export const uuid = (number: number, group = "aaaaaaaa"): string =>
  `${group}-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** An organization that was read, by its number: configured as `org-1` unless it is the default one. */
export const read = (number: number, name?: string): LookedAt => ({
  names: [`org-${number}`],
  id: uuid(number),
  checked: true,
  ...(name !== undefined && { name }),
});

/** A live connection between two organizations, by their numbers. */
export function row(source: number, sink: number, more: Partial<LiveConnection> = {}): LiveConnection {
  return {
    id: uuid(1000 * source + sink, "cccccccc"),
    source: { id: uuid(source), name: `Acme ${source}` },
    sink: { id: uuid(sink), name: `Acme ${sink}` },
    connectionTypes: ["logs"],
    createdAt: "2026-01-01T00:00:00Z",
    seenFrom: [`org-${source}`],
    ...more,
  };
}

/** What was found; each organization that was read has its configured name in the program. */
export function found(
  organizations: LookedAt[],
  connections: LiveConnection[],
  managed: ManagedConnection[] = [],
): Found {
  const sources = new Map(organizations.map(({ names }) => [names[0] ?? "", names[0] ?? ""]));
  return { live: { organizations, connections }, sources, managed: { connections: managed, unreadable: [] } };
}

/** A resource that a program declares. */
export interface Declared {
  kind: string;
  name: string;
  args: Record<string, unknown>;
  options: unknown;
}

/** Runs a program, and answers the resources that it declares. Throws when it is no TypeScript. */
export function declaredBy(program: string): Declared[] {
  const { outputText, diagnostics = [] } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  const [first] = diagnostics;
  if (first) throw new Error(ts.flattenDiagnosticMessageText(first.messageText, "\n"));
  const declared: Declared[] = [];
  const resource = (kind: string) =>
    function (name: string, args: Record<string, unknown>, options: unknown): void {
      declared.push({ kind, name, args, options });
    };
  const asked = (name: string) => {
    if (name !== "pulumi-datadog-org-connections") throw new Error(`the program asks for ${name}`);
    return { OrgConnection: resource("single"), OrgConnectionSet: resource("set") };
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- to see what it does
  new Function("require", "exports", outputText)(asked, {});
  return declared;
}
