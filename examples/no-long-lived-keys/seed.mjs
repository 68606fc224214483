// Prints a seed for the sandbox: the organizations of Pulumi.prod.yaml, and the identities that they accept.
const teams = Array.from({ length: 40 }, (_, index) => String(index + 1).padStart(2, "0"));

/** Pull requests may only read, and main may write. */
const mappings = [
  {
    account: "reader",
    digit: "d",
    claims: { sub: "repo:acme/connections:pull_request", event_name: "pull_request" },
    scopes: ["org_connections_read"],
  },
  {
    account: "writer",
    digit: "e",
    claims: {
      sub: "repo:acme/connections:environment:production",
      ref: "refs/heads/main",
      event_name: "push",
    },
    scopes: ["org_connections_read", "org_connections_write"],
  },
];

const seed = {
  accounts: [
    {
      name: "Acme",
      organizations: [
        { key: "hub", id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Acme Observability" },
        ...teams.map((team) => ({
          key: `team-${team}`,
          id: `bbbbbbbb-00${team}-4000-8000-0000000000${team}`,
          name: `Acme Team ${team}`,
          listsAllOrganizations: false,
        })),
      ],
    },
  ],
  identities: teams.flatMap((team) =>
    mappings.map(({ account, digit, claims, scopes }) => ({
      organization: `team-${team}`,
      identity: { type: "jwt", claims },
      user: {
        id: `bbbbbbbb-00${team}-4000-8000-${digit}000000000${team}`,
        handle: `${account}-${team}@example.com`,
        email: `${account}-${team}@example.com`,
        name: `CI ${account} (Acme Team ${team})`,
        serviceAccount: true,
      },
      scopes,
    })),
  ),
};
console.log(JSON.stringify(seed, undefined, 2));
