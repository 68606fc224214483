#!/bin/sh
# Previews a stack. Run it in the folder of the project. It runs the code of the program:
#   sh ci/preview.sh [--fork] STACK [options of `pulumi preview`]
# It writes preview.json (events of the engine), state.json and exit-code to the folder org-connections-preview, as input for
# ci/review.sh. It prints the errors of the preview.
# --fork needs no credentials and no state. It overwrites Pulumi.STACK.yaml, so use it only in a temporary checkout.
# The exit code is that of `pulumi preview` or `pulumi stack export`.
set -eu
: "${1:?Name the stack: sh ci/preview.sh [--fork] STACK}"

folder=org-connections-preview
rm -rf "$folder"
mkdir "$folder"

if [ "$1" = --fork ]; then
  shift
  PULUMI_BACKEND_URL="file://$(mktemp -d)"
  export PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE=fork
  stack=${1##*/}
  cp Pulumi.fork.yaml "Pulumi.$stack.yaml"
  pulumi stack init "$stack" --non-interactive
else
  stack=$1
fi
shift

pulumi stack export --stack "$stack" --non-interactive > "$folder/state.json"
# Events show what the default format hides: providers, replacement steps, unchanged resources.
export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true
{
  code=0
  pulumi preview --json --non-interactive --stack "$stack" "$@" || code=$?
  echo "$code" > "$folder/exit-code"
} | node "${0%/*}/filter-events.mjs" > "$folder/preview.json"
exit "$(cat "$folder/exit-code")"
