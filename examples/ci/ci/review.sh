#!/bin/sh
# Reviews a preview. Run it in the folder of the project. It only reads the preview and runs no code of the program:
#   sh ci/review.sh [--fork] FOLDER [options of `datadog-org-connections review`]
# FOLDER contains the result of ci/preview.sh. The report is written to org-connections-report/review.md and, on GitHub, to the
# summary of the job. summary.txt has it in one line, for the title of a check, and review.sarif the violations, for code scanning.
# POLICY_BRANCH is the branch of policy.json, which the report names.
# The exit code is that of `datadog-org-connections review`, the first that applies: 5 a rule of policy.json is violated, 4 data
# stops being shared or a connection is replaced, 7 something could not be known, 3 changes, 0 no changes; or 1 failed, 2 invalid
# usage. 4, 5 and 7 are failures, unless your team decides otherwise.
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

# The program can replace a file with anything: nothing, a link to a file of this machine, a pipe, or gigabytes of data.
code=0
for file in preview.json state.json exit-code; do
  if [ -L "$preview" ] || [ -L "$preview/$file" ] || [ ! -f "$preview/$file" ]; then
    echo "$file is missing from the preview, or it is not a regular file." >&2
    code=1
  elif [ "$(wc -c < "$preview/$file")" -gt 134217728 ]; then
    # 5,000 replaced connections are 56 MiB of events, and more with a refresh.
    echo "$file is larger than 128 MiB." >&2
    code=1
  fi
done

review() {
  npx --no -- datadog-org-connections review "$preview/preview.json" --state "$preview/state.json" --policy policy.json \
    --preview-exit-code "$(head -c 3 "$preview/exit-code")" "$@"
}

if [ "$code" -eq 0 ]; then
  review "$@" > "$folder/text" || code=$?
fi
if [ -s "$folder/text" ]; then
  # They have the exit code of the report.
  review "$@" --summary-line > "$folder/summary.txt" || :
  review "$@" --format sarif -o "$folder/review.sarif" || :
else
  echo "The report could not be created. See the logs of the preview and of this job." > "$folder/text"
  echo "the report could not be created" > "$folder/summary.txt"
fi

{
  if [ -n "$fork" ]; then
    echo "> This change comes from a fork. It was previewed without credentials and without the state of the stack, so"
    echo "> everything that the program declares is shown as new, and no names were read from Datadog."
    echo
  fi
  cat "$folder/text"
  if [ -n "${POLICY_BRANCH:-}" ]; then
    echo
    echo "> The rules come from \`policy.json\` on \`$POLICY_BRANCH\`. Changes to this file take effect after they are merged."
  fi
} > "$folder/review.md"
rm "$folder/text"
cat "$folder/review.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$code"
