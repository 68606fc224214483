import { Config } from "@pulumi/pulumi/config";
import { OrgConnection } from "pulumi-datadog-org-connections";

// The UUID comes from the configuration and not from a function such as `getOrganization`, so a preview needs no credentials.
const hub = new Config().require("hub");

new OrgConnection("payments-to-hub", {
  source: "payments",
  sinkOrgId: hub,
  connectionTypes: ["logs", "metrics"],
});
