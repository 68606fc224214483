import type { LiveConnection } from "./known.js";
import type { Diagnostic } from "./step.js";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/** The line of the provider (lifecycle/looks.ts). */
const LINE = new RegExp(
  `^From (?:the default organization|organization "(.*)") \\((${UUID})\\) to (?:(.*) \\()?(${UUID})\\)?: will take over connection (\\S+) \\(([^)]*)\\), made by (.+) on (\\S+), and `,
  "gm",
);

/** A connection that is to be taken over, and how its two ends are called. */
export interface Announced extends LiveConnection {
  /** The source's name in the program; none for the default organization. */
  alias?: string;
  sinkOrgName?: string;
}

/** The connections that a preview says it will take over. */
export function announcedIn(diagnostics: readonly Diagnostic[]): Announced[] {
  return diagnostics.flatMap(({ message }) =>
    [...message.matchAll(LINE)].map(
      ([, alias, source, name, sink, id, types, creator = "", createdAt]): Announced => ({
        id: id ?? "",
        ...(alias !== undefined && { alias }),
        sourceOrgId: source ?? "",
        sinkOrgId: sink ?? "",
        ...(name !== undefined && { sinkOrgName: name }),
        connectionTypes: (types ?? "").split(", ").filter((type) => type !== ""),
        ...(createdAt !== undefined && { createdAt }),
        ...(creator !== "nobody recorded" && {
          createdBy: isUuid(creator) ? { id: creator } : { name: creator },
        }),
      }),
    ),
  );
}

const isUuid = (text: string): boolean => new RegExp(`^${UUID}$`).test(text);
