#!/bin/sh
# Runs one step of the set-up quietly: a line for the person, everything else to var/setup.log.
#   step.sh "1/4 Python environment" COMMAND…
# Exit code 3 of the command means that its last line says in plain words what is wrong.
title=$1
shift
mkdir -p var
log=var/setup.log
printf '%s … ' "$title"
begin=$(date +%s)
printf '\n== %s\n' "$title" >>"$log"
lines_before=$(wc -l <"$log")
"$@" >>"$log" 2>&1
result=$?
if [ "$result" -eq 0 ]; then
    echo "done ($(($(date +%s) - begin)) s)"
    exit 0
fi
echo "failed"
if [ "$result" -eq 3 ]; then
    tail -n 1 "$log" >&2
else
    tail -n "+$((lines_before + 1))" "$log" | tail -n 20 >&2
    echo "The whole log: $log" >&2
fi
exit "$result"
