#!/bin/sh
# Compares a stack with Datadog and writes what it finds to the folder `audit`. It changes nothing:
#   sh audit.sh STACK
# The exit code is 0 if nothing was found. Otherwise it is 1, and each step has printed its own exit code.
set -u
stack=${1:?Name the stack: sh audit.sh STACK}
PATH="$PWD/node_modules/.bin:$PATH"
result=0

check() {
  name=$1
  shift
  "$@" || {
    echo "$name: exit code $?" >&2
    result=1
  }
}

preview() {
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --refresh --non-interactive --stack "$stack" > "$preview"
}

mkdir -p audit
# The events of a preview can contain secrets in plain text.
preview=$(mktemp)
trap 'rm -f "$preview"' EXIT
# 6: a connection is unmanaged or missing; 7: an organization could not be checked.
check inventory datadog-org-connections inventory --stack "$stack" --fail-on unmanaged,missing \
  --format markdown -o audit/inventory.md --force
check map datadog-org-connections map --live --stack "$stack" -o audit/map.html --force
# 3, 4: someone made a manual change, or a merged change is not deployed; 5: that change violates the policy; 7: something could
# not be known.
check preview preview
check review datadog-org-connections review "$preview" --stack "$stack" --lookup --policy policy.json \
  -o audit/review.md --force
exit "$result"
