/**
 * Whether a provider resource has the name of a default provider, which the engine creates from the stack's configuration:
 * `default`, followed by the version and the download address of the plugin if the program sets them (`DefaultName` in pulumi/pulumi,
 * pkg/resource/deploy/providers/provider.go).
 */
export const isDefaultProviderName = (name: string): boolean =>
  /^default(_\d+_\d+_\d+(_.*)?|_(https?|github|gitlab)_\/.*)?$/.test(name);
