import { startSandbox, type Sandbox, type SandboxSeed } from "../../../../sandbox/src/index.js";
import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";

/** A connection of the made-up company, before it is created. */
interface PlannedConnection {
  source: string;
  sink: string;
  types: string[];
  /** Whether the stack creates it, or a person in the browser. */
  managed: boolean;
}

/** A made-up company: organizations with realistic names, and their connections. */
export interface Company {
  seed: SandboxSeed;
  connections: PlannedConnection[];
}

const HUB = "observability";
const HUB_EU = "observability-eu";
const SECURITY = "security";

const product = [
  "Checkout",
  "Search",
  "Catalog",
  "Basket",
  "Recommendations",
  "Reviews",
  "Pricing",
  "Promotions",
];
const platform = ["Identity", "Messaging", "API Gateway", "Developer Portal", "CI Runners", "Data Platform"];
const regulated = ["Payments", "Cards", "Ledger", "Fraud", "Know Your Customer", "Treasury"];
const european = ["Checkout EU", "Payments EU", "Delivery EU", "Marketplace EU", "Support EU"];
const regions = [
  "US East",
  "US West",
  "Frankfurt",
  "Dublin",
  "Tokyo",
  "Singapore",
  "Sydney",
  "São Paulo",
  "Mumbai",
];

/** Creates a company with `size` organizations. Those after the first 30 are regional copies of the products. */
export function createAcme(size = 30): Company {
  const organizations: SandboxSeed["accounts"][number]["organizations"] = [];
  const connections: PlannedConnection[] = [];
  const add = (name: string, key = name.toLowerCase().replace(/[^a-z]+/g, "-")): string => {
    const number = String(organizations.length + 1).padStart(12, "0");
    organizations.push({ key, id: `aaaaaaaa-2000-4000-8000-${number}`, name: `Acme ${name}` });
    return key;
  };
  const share = (source: string, sink: string, types: string[], managed = true) =>
    void connections.push({ source, sink, types, managed });

  add("Observability", HUB);
  add("Observability EU", HUB_EU);
  add("Security", SECURITY);
  for (const name of [...product, ...platform]) share(add(name), HUB, ["logs", "metrics"]);
  for (const name of regulated) {
    const key = add(name);
    share(key, HUB, ["logs", "metrics"]);
    share(key, SECURITY, ["audit"]);
  }
  for (const name of european) share(add(name), HUB_EU, ["logs", "metrics"]);
  share(HUB_EU, HUB, ["metrics"]);
  share(HUB, SECURITY, ["audit"]);
  share(HUB_EU, SECURITY, ["audit"]);
  // Unmanaged connections.
  const science = add("Data Science");
  share("search", science, ["logs"], false);
  share(add("Vendor Trial"), science, ["audit", "logs", "metrics"], false);
  share(science, HUB, ["metrics"]);
  const copies = [...product, ...regulated, ...platform];
  for (let at = 0; organizations.length < size; at++) {
    const region = regions[Math.floor(at / copies.length)] ?? `Region ${Math.floor(at / copies.length)}`;
    const key = add(`${copies[at % copies.length] ?? ""} ${region}`, `copy-${at}`);
    const european = ["Frankfurt", "Dublin"].includes(region);
    share(key, european ? HUB_EU : HUB, at % 40 === 39 ? ["metrics"] : ["logs", "metrics"]);
    if (regulated.includes(copies[at % copies.length] ?? "")) share(key, SECURITY, ["audit"]);
  }
  return { seed: { accounts: [{ name: "Acme", organizations }] }, connections };
}

/** Starts a sandbox with the connections of the company. The oldest one is two years old at `until`. */
export async function startAcme({ seed, connections }: Company, until = new Date()): Promise<Sandbox> {
  let at = 0;
  const step = (730 * 86_400_000) / connections.length;
  const now = () => new Date(until.getTime() - (connections.length - at) * step);
  const sandbox = await startSandbox({ seed, now });
  const person = {
    id: "aaaaaaaa-2000-4000-8000-00000000f001",
    handle: "kim@example.com",
    email: "kim@example.com",
    name: "Kim Berg",
  };
  for (const { source, sink, types, managed } of connections) {
    sandbox.connect({ source, sink, connectionTypes: types, ...(!managed && { createdBy: person }) });
    at++;
  }
  return sandbox;
}

/** Creates the output of `pulumi stack export` for the company's stack, with its managed connections. */
export function createAcmeState({ connections }: Company, sandbox: Sandbox): unknown {
  const resources = connections.flatMap(({ source, sink, managed }) => {
    const [from, to] = [sandbox.getOrganization(source), sandbox.getOrganization(sink)];
    const live = sandbox
      .listConnections()
      .find((one) => one.sourceOrgId === from.id && one.sinkOrgId === to.id);
    if (!managed || !live) return [];
    const { id, connectionTypes, createdAt, createdBy } = live;
    const outputs = {
      source,
      sourceOrgId: from.id,
      sourceOrgName: from.name,
      sinkOrgId: to.id,
      sinkOrgName: to.name,
      connectionTypes,
      createdAt,
      createdBy,
    };
    return [
      { urn: `urn:pulumi:prod::acme::${SINGLE_TYPE}::${source}-to-${sink}`, type: SINGLE_TYPE, id, outputs },
    ];
  });
  return { version: 3, deployment: { resources } };
}
