import pulumi_datadog_org_connections as datadog

hub = datadog.get_organization(name="Acme Observability", source="payments")

datadog.OrgConnection(
    "payments-to-hub",
    source="payments",
    sink_org_id=hub.id,
    connection_types=["logs", "metrics"],
)

datadog.OrgConnectionSet(
    "checkout",
    source="checkout",
    connections={hub.id: ["logs"]},
)
