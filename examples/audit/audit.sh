#!/bin/sh
# Compares a stack with Datadog and writes what it finds to the folder `audit`. It changes nothing:
#   sh audit.sh STACK
# The exit code is 0 if nothing was found. Otherwise it is 1, and each step has printed its own exit code, the unmanaged connections
# and the errors of the preview.
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

inventory() {
  code=0
  datadog-org-connections inventory --stack "$stack" --fail-on unmanaged,missing --format markdown -o audit/inventory.md --force ||
    code=$?
  # The rows of connections that no resource manages. With another exit code, the file may be an earlier one.
  if [ "$code" -eq 6 ]; then sed -n 's/^| \(.*\) | none | \([^|]*\) |$/unmanaged: | \1 | \2 |/p' audit/inventory.md >&2; fi
  return "$code"
}

preview() {
  code=0
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --refresh --non-interactive --stack "$stack" > "$preview" || code=$?
  # With --json, errors are only events.
  [ "$code" -eq 0 ] || node -e "$print_errors" < "$preview" >&2
  return "$code"
}
# A message is untrusted: it stays one line, without control characters.
print_errors='
  for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line.includes("diagnosticEvent"))) {
    const { severity, message, ephemeral } = JSON.parse(line).diagnosticEvent ?? {};
    if (!ephemeral && /^(error|info#err)$/.test(severity))
      console.log("error: " + message.replace(/<\{%[^%]*%\}>/g, "").replace(/[\p{C}\s]+/gu, " ").trim());
  }
'

mkdir -p audit
# The events of a preview can contain secrets in plain text.
preview=$(mktemp)
trap 'rm -f "$preview"' EXIT
# 6: a connection is unmanaged or missing; 7: an organization could not be checked.
check inventory inventory
check map datadog-org-connections map --live --stack "$stack" -o audit/map.html --force
# 3, 4: someone made a manual change, or a merged change is not deployed; 5: that change violates the policy; 7: something could
# not be known.
check preview preview
check review datadog-org-connections review "$preview" --stack "$stack" --lookup --policy policy.json \
  -o audit/review.md --force
exit "$result"
