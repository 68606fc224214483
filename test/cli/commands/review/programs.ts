/** A statement that declares one connection. If `types` is absent, the types are unspecified. */
export function declareConnection(
  name: string,
  sinkOrgId: string,
  types?: string,
  args = "",
  options = "",
): string {
  const given = types === undefined ? "" : `connectionTypes: ${JSON.stringify(types.split(", "))},`;
  return `new OrgConnection("${name}", { sinkOrgId: "${sinkOrgId}", ${given} ${args} }, { ${options} });`;
}

/** A statement that declares a set called `all`, with types by UUID of the destination. */
export function declareSet(connections: Record<string, string>, args = ""): string {
  const entries = Object.entries(connections).map(([sink, types]) => [sink, types.split(", ")]);
  return `new OrgConnectionSet("all", { connections: ${JSON.stringify(Object.fromEntries(entries))}, ${args} });`;
}
