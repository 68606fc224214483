import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { Sessions } from "../../../core/src/operation/sessions.js";
import { SOURCE } from "../inputs/resolve-inputs.js";
import { expectThat, type JourneyContext } from "./journey.js";
import { expectConnected, expectDisconnected } from "./pair.js";

/** The life of a connection through the client of the packages, with its parsing, retries and proofs. */
export async function runClientJourney({ env, probes, logLine }: JourneyContext): Promise<void> {
  const sessions = new Sessions(() => ({ config: () => undefined, env }), logLine);
  const session = sessions.getSession(SOURCE);
  const { sinkOrgId, sourceOrgId } = probes.evidence;
  const { callerId } = await session.write((client) => client.listOrganizations());
  expectThat(callerId === sourceOrgId, "the list of organizations has another current organization");

  const created = await session.write((client) => client.create(sinkOrgId, ["logs"]));
  await expectConnected(probes, ["logs"], "after a create");
  const { connections } = await session.write((client) => client.list({ provesAbsence: true }));
  expectThat(
    connections.some(({ id }) => id === created.id),
    "the client's list lacks the connection",
  );

  await session.write((client) => client.update(created.id, ["metrics"]));
  await expectConnected(probes, ["metrics"], "after an update");
  await session.write((client) => client.delete(created.id));
  await expectDisconnected(probes, "after a delete");
  const again = session.write((client) => client.delete(created.id));
  const code = await again.then(
    () => "success",
    (error: unknown) => (isOrgConnectionsError(error) ? error.code : "another error"),
  );
  expectThat(code === "not-found", `the second delete ends with ${code}`);
}
