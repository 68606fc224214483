import { defineAssumption } from "./assumption.js";
import { changeBody, changeRefusal, changeStatus, refuse, type DeviationCall } from "./deviation.js";

const CLIENT = {
  kind: "published",
  url: "https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go",
} as const;

/** The exchange of the proof of a workload identity for an access token. */
export const exchangeAssumptions = [
  defineAssumption(
    "exchange-status",
    CLIENT,
    "The exchange of a proof gets 200.",
    "It gets 201.",
    changeStatus("exchangeToken", 201),
  ),
  defineAssumption(
    "exchange-expires",
    CLIENT,
    "`expires` is the time in seconds since 1970, as a string.",
    "It is a number.",
    changeBody("exchangeToken", (body) => {
      const { data } = body as { data: { attributes: { expires: string } } };
      return {
        data: { ...data, attributes: { ...data.attributes, expires: Number(data.attributes.expires) } },
      };
    }),
  ),
  defineAssumption(
    "exchange-unknown-proof",
    CLIENT,
    "A proof that is not valid gets 401.",
    "It gets 400.",
    changeRefusal(({ match }) => match.route === "exchangeToken", 401, { status: 400 }),
  ),
  defineAssumption(
    "exchange-not-mapped",
    CLIENT,
    "A valid proof that is mapped to no user of the organization gets 403.",
    "It gets 404.",
    changeRefusal(({ match }) => match.route === "exchangeToken", 403, { status: 404 }),
  ),
  defineAssumption(
    "access-token-accepted",
    "assumed",
    "The calls for connections accept the access token of an exchange.",
    "It gets 401.",
    refuse((call) => call.match.route === "listConnections" && isAccessToken(call), 401, "Unauthorized"),
  ),
];

const isAccessToken = ({ store, sent }: DeviationCall): boolean =>
  sent.token !== "" && store.findAccessToken(sent.token) !== undefined;
