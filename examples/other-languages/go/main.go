package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	datadog "pulumi-datadog-org-connections-sdk/sdk/go/datadogorgconnections"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		hub, err := datadog.GetOrganization(ctx, &datadog.GetOrganizationArgs{
			Name:   pulumi.StringRef("Acme Observability"),
			Source: pulumi.StringRef("payments"),
		})
		if err != nil {
			return err
		}
		_, err = datadog.NewOrgConnection(ctx, "payments-to-hub", &datadog.OrgConnectionArgs{
			Source:          pulumi.String("payments"),
			SinkOrgId:       pulumi.String(hub.Id),
			ConnectionTypes: pulumi.ToStringArray([]string{"logs", "metrics"}),
		})
		if err != nil {
			return err
		}
		_, err = datadog.NewOrgConnectionSet(ctx, "checkout", &datadog.OrgConnectionSetArgs{
			Source:      pulumi.String("checkout"),
			Connections: pulumi.StringArrayMap{hub.Id: pulumi.ToStringArray([]string{"logs"})},
		})
		return err
	})
}
