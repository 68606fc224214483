/** The example with GitHub's form of identity: the requests of each operation. */
import { expect, test } from "vitest";
import { ALL_CREATED, names, useRepository } from "./repository.js";

const repository = useRepository();
const { example } = repository;

test("each operation exchanges one proof for each organization, and sends no key", async () => {
  const shell = await repository.startShell();
  const { requestUrl, requestToken } = example.sandbox.issuer.github;
  const job = `${requestUrl}&repository=acme/connections&environment=production`;
  await shell.run(
    `export ACTIONS_ID_TOKEN_REQUEST_URL='${job}' ACTIONS_ID_TOKEN_REQUEST_TOKEN=${requestToken}`,
  );
  /** Runs an operation, and counts its requests by route. Each organization must have sent one proof. */
  const countRequests = async (operation: string): Promise<Record<string, number>> => {
    await shell.run(`pulumi ${operation}`);
    const { exchanged, others } = repository.takeRequests();
    expect(others.filter(({ credentials }) => credentials !== "token")).toEqual([]);
    expect(exchanged.toSorted()).toEqual(names);
    const counts: Record<string, number> = {};
    for (const { route = "unknown" } of others) counts[route] = (counts[route] ?? 0) + 1;
    return counts;
  };

  expect(await countRequests("preview")).toEqual({ listConnections: 40, listOrganizations: 40 });
  expect(await countRequests("up --skip-preview")).toMatchObject({ createConnection: 40 });
  expect(example.listLive()).toEqual(ALL_CREATED);
  expect(await countRequests("refresh --skip-preview")).toEqual({ listConnections: 40 });

  const program = shell.project.readFile("index.ts");
  shell.project.writeFile("index.ts", program.replace('"metrics"', '"audit"'));
  expect(await countRequests("up --skip-preview")).toMatchObject({ updateConnection: 40 });
  expect(example.listLive()).toEqual(ALL_CREATED.map((line) => line.replace("logs, metrics", "audit, logs")));
  await shell.run("pulumi up --skip-preview --expect-no-changes");
  expect(repository.takeRequests()).toEqual({ exchanged: [], others: [] });

  expect(await countRequests("destroy --skip-preview")).toMatchObject({ deleteConnection: 40 });
  expect(example.listLive()).toEqual([]);
}, 600_000);
