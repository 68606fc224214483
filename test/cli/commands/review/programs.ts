/** The statement of a program that declares one connection. Without types they are left to Datadog. */
export function single(name: string, sinkOrgId: string, types?: string, args = "", options = ""): string {
  const given = types === undefined ? "" : `connectionTypes: ${JSON.stringify(types.split(", "))},`;
  return `new OrgConnection("${name}", { sinkOrgId: "${sinkOrgId}", ${given} ${args} }, { ${options} });`;
}

/** The statement of a program that declares a set called `all`: types by UUID of the destination. */
export function set(connections: Record<string, string>, args = ""): string {
  const entries = Object.entries(connections).map(([sink, types]) => [sink, types.split(", ")]);
  return `new OrgConnectionSet("all", { connections: ${JSON.stringify(Object.fromEntries(entries))}, ${args} });`;
}
