import { Config } from "@pulumi/pulumi/config";
import { OrgConnection } from "pulumi-datadog-org-connections";

const hub = new Config().require("hub");
/** The names of the source organizations. DD_API_KEY__PAYMENTS and DD_APP_KEY__PAYMENTS are the keys of the first. */
const sources = ["payments", "checkout"];

for (const source of sources) {
  new OrgConnection(`${source}-to-hub`, { source, sinkOrgId: hub, connectionTypes: ["logs", "metrics"] });
}
