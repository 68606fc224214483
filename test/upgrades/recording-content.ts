/** What the sandbox of a recording contains: the organizations and connections that the programs use. */
import { addCanaries } from "../engine/canaries.js";
import { DEFAULT_KEY, type ExistingConnection, type SandboxContent } from "./start-sandbox.js";

const SOURCE_COUNT = 8;

/** The organization whose connection `discover` finds, and an import takes into the state. */
export const IMPORTED = "source-4";

/** Returns the ID of `source-1`, `source-2`, …; 0 is the organization of the default credentials. */
export const createSourceId = (number: number): string => `aaaaaaaa-1000-4000-8000-00000000000${number}`;

/** The UUIDs of the destinations, as in the programs. */
export const OBSERVABILITY = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";

const ORGANIZATIONS = [
  { key: "observability", id: OBSERVABILITY, name: "Acme Observability" },
  { key: "security", id: SECURITY, name: "Acme Security" },
  { key: DEFAULT_KEY, id: createSourceId(0), name: "Acme Default" },
  ...Array.from({ length: SOURCE_COUNT }, (_, at) => ({
    key: `source-${at + 1}`,
    id: createSourceId(at + 1),
    name: `Acme Source ${at + 1}`,
  })),
];

/** Creates a connection of another user, with the ID that the programs use for it. */
const createExisting = (number: number, source: number): ExistingConnection => ({
  id: `dddddddd-0000-4000-8000-00000000000${number}`,
  sourceOrgId: createSourceId(source),
  sinkOrgId: OBSERVABILITY,
  connectionTypes: ["logs", "metrics"],
  createdAt: `2025-01-01T00:00:0${number}.000000+00:00`,
  createdBy: "eeeeeeee-0000-4000-8000-000000000001",
});

/** The content of the sandbox of each recording. Its keys are canaries, which the search for leaks finds. */
export function createRecordingContent(): SandboxContent {
  const { accounts } = addCanaries({ accounts: [{ name: "Acme", organizations: ORGANIZATIONS }] });
  return {
    organizations: accounts.flatMap(({ organizations }) => organizations),
    // Adopted, imported, read as a view, adopted by a set.
    connections: [createExisting(1, 2), createExisting(2, 4), createExisting(3, 5), createExisting(4, 7)],
  };
}
