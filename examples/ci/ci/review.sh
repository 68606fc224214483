#!/bin/sh
# Previews a stack and reviews the preview, in the folder of the project:
#   sh ci/review.sh [--fork] STACK [options of `pulumi preview`]
# The report is org-connections-report/review.md; on GitHub the summary of the job gets it too.
# --fork needs no keys and no state, and overwrites Pulumi.STACK.yaml: for a checkout that is thrown away.
# Exit code, that of `org-connections review`: 0 nothing changes, 3 changes, 4 sharing stops or a connection is made anew,
# 5 a rule of policy.json is violated, 1 failed, 2 called wrongly.
set -eu
: "${1:?Name the stack: sh ci/review.sh [--fork] STACK}"

folder=org-connections-report
rm -rf "$folder"
mkdir "$folder"

look_up=--lookup
if [ "$1" = --fork ]; then
  shift
  look_up=
  mkdir "$folder/state"
  export PULUMI_BACKEND_URL="file://$PWD/$folder/state" PULUMI_CONFIG_PASSPHRASE=fork
  stack=${1##*/}
  cp Pulumi.fork.yaml "Pulumi.$stack.yaml"
  pulumi stack init "$stack" --non-interactive
  cat > "$folder/review.md" << 'END'
> This comes from a fork: it was previewed without keys and without the state of the stack. So all that the program
> declares is shown as new, and nothing was looked up at Datadog.

END
else
  stack=$1
fi
shift

# A preview that fails tells why in what it prints, and the review repeats it.
preview=0
pulumi preview --json --show-replacement-steps --non-interactive --stack "$stack" "$@" \
  > "$folder/preview.json" || preview=$?

code=0
npx --no -- org-connections review "$folder/preview.json" --stack "$stack" --policy policy.json $look_up \
  >> "$folder/review.md" || code=$?

case $preview:$code in
  0:* | *:1 | *:2 | *:5) ;;
  *)
    echo "pulumi preview failed with exit code $preview." >&2
    code=1
    ;;
esac
if [ ! -s "$folder/review.md" ]; then
  echo "No report could be made. The log of this job says why." > "$folder/review.md"
fi
cat "$folder/review.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$code"
