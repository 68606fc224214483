#!/bin/sh
# Reviews a preview, in the folder of the project. No code of the program runs; the preview is only read:
#   sh ci/review.sh [--fork] FOLDER [options of `datadog-org-connections review`]
# FOLDER is where ci/preview.sh left its result. The report is org-connections-report/review.md; on GitHub the summary of
# the job gets it too. POLICY_BRANCH names the branch whose policy.json judges, for the report.
# Exit code, that of `datadog-org-connections review`: 0 nothing changes, 3 changes, 4 sharing stops or a connection is made anew,
# 5 a rule of policy.json is violated, 1 failed, 2 invalid usage.
set -eu
fork=
if [ "${1:-}" = --fork ]; then
  fork=yes
  shift
fi
: "${1:?Name the folder of the preview: sh ci/review.sh [--fork] FOLDER}"
preview=$1
shift

folder=org-connections-report
rm -rf "$folder"
mkdir "$folder"

# The program may have left anything in place of a file: nothing, a link to a file of this machine, a pipe, gigabytes.
code=0
for file in preview.json state.json; do
  if [ -L "$preview" ] || [ -L "$preview/$file" ] || [ ! -f "$preview/$file" ]; then
    echo "$file is missing from the preview, or it is not a regular file." >&2
    code=1
  elif [ "$(wc -c < "$preview/$file")" -gt 67108864 ]; then
    echo "$file is larger than 64 MiB." >&2
    code=1
  fi
done

if [ "$code" -eq 0 ]; then
  npx --no -- datadog-org-connections review "$preview/preview.json" --state "$preview/state.json" --policy policy.json "$@" \
    > "$folder/text" || code=$?
fi
if [ ! -s "$folder/text" ]; then
  echo "No report could be made. The logs of the preview and of this job say why." > "$folder/text"
fi

{
  if [ -n "$fork" ]; then
    echo "> This comes from a fork: it was previewed without credentials and without the state of the stack. So all that the"
    echo "> program declares is shown as new, and nothing was looked up at Datadog."
    echo
  fi
  cat "$folder/text"
  if [ -n "${POLICY_BRANCH:-}" ]; then
    echo
    echo "> The rules are those of \`policy.json\` on \`$POLICY_BRANCH\`; a change of that file counts once it is merged."
  fi
} > "$folder/review.md"
rm "$folder/text"
cat "$folder/review.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$code"
