/**
 * Whether a provider resource has the name of a default provider. The engine creates default providers from the stack's
 * configuration. Their name is `default`. The version of the plugin, its download address, or both may follow (`DefaultName` in
 * pulumi/pulumi, pkg/resource/deploy/providers/provider.go).
 */
export const isDefaultProviderName = (name: string): boolean =>
  /^default(_\d+_\d+_\d+(_.*)?|_(https?|github|gitlab)_\/.*)?$/.test(name);
