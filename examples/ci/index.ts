import { Config } from "@pulumi/pulumi/config";
import { OrgConnection } from "pulumi-datadog-org-connections";

// UUIDs from the configuration, and no look-ups by name: so a preview needs no keys.
const hub = new Config().require("hub");

new OrgConnection("payments-to-hub", {
  source: "payments",
  sinkOrgId: hub,
  connectionTypes: ["logs", "metrics"],
});
