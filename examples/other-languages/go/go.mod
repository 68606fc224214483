module connections

go 1.25

require pulumi-datadog-org-connections-sdk/sdk/go v0.0.0

replace pulumi-datadog-org-connections-sdk/sdk/go => ../../../.local/sdks/go
