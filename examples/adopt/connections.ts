// Declares the cross-organization connections that were live on 2026-11-27. Written by
// `datadog-org-connections discover`. `pulumi preview` reports that each connection will be adopted. `pulumi
// up` adopts the connections into the state and changes nothing in Datadog.

import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";

/** The UUIDs of the destinations, by their names in Datadog. */
const organizations = {
  "Acme Observability": "aaaaaaaa-0001-4000-8000-000000000001",
  "Acme Security": "aaaaaaaa-0002-4000-8000-000000000002",
};

interface ConnectionArgs extends Omit<OrgConnectionArgs, "sinkOrgId"> {
  destination: keyof typeof organizations;
}

/** The connections, by resource name. `source` names the organization whose credentials are used. */
const connections: Record<string, ConnectionArgs> = {
  // From "Acme Checkout" (aaaaaaaa-0004-4000-8000-000000000004)
  "checkout-to-acme-observability": { source: "checkout", destination: "Acme Observability", connectionTypes: ["logs"] },
  "checkout-to-acme-security": { source: "checkout", destination: "Acme Security", connectionTypes: ["audit"] },
  // From "Acme Payments" (aaaaaaaa-0003-4000-8000-000000000003)
  "payments-to-acme-observability": { source: "payments", destination: "Acme Observability", connectionTypes: ["logs", "metrics"] },
};

for (const [name, { destination, ...args }] of Object.entries(connections)) {
  // Remove `adopt` once the connections are in the state. `protect` prevents accidental deletion.
  new OrgConnection(
    name,
    { adopt: true, ...args, sinkOrgId: organizations[destination] },
    { protect: true },
  );
}
