import { deviate, changeBody, changeRefusal, changeStatus, refuse, type DeviationCall } from "./deviation.js";

/** The exchange of the proof of a workload identity for an access token. */
export const exchangeDeviations = {
  "exchange-status": deviate("It gets 201.", changeStatus("exchangeToken", 201)),
  "exchange-expires": deviate(
    "It is a number.",
    changeBody("exchangeToken", (body) => {
      const { data } = body as { data: { attributes: { expires: string } } };
      return {
        data: { ...data, attributes: { ...data.attributes, expires: Number(data.attributes.expires) } },
      };
    }),
  ),
  "exchange-unknown-proof": deviate(
    "It gets 400.",
    changeRefusal(({ match }) => match.route === "exchangeToken", 401, { status: 400 }),
  ),
  "exchange-not-mapped": deviate(
    "It gets 404.",
    changeRefusal(({ match }) => match.route === "exchangeToken", 403, { status: 404 }),
  ),
  "access-token-accepted": deviate(
    "It gets 401.",
    refuse((call) => call.match.route === "listConnections" && isAccessToken(call), 401, "Unauthorized"),
  ),
};

const isAccessToken = ({ store, sent }: DeviationCall): boolean =>
  sent.token !== "" && store.findAccessToken(sent.token) !== undefined;
