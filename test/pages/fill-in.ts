import type { Sandbox } from "../../sandbox/src/index.js";

/** Fills in the values of a block that differ between users: the address of the sandbox instead of a site, and its keys. */
export function fillIn(block: string, sandbox: Sandbox): string {
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  return block
    .replace("DD_SITE=datadoghq.com", `DD_HOST=${sandbox.url}`)
    .replace("DD_API_KEY=…", `DD_API_KEY=${apiKey}`)
    .replace("DD_APP_KEY=…", `DD_APP_KEY=${appKey}`);
}
