#!/bin/sh
# The API's checked-in schema:  sh config/schema.sh write|check
set -eu
cd "$(dirname "$0")/.."
checked_in=config/openapi.json
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
.venv/bin/python -W ignore manage.py spectacular --lang en --format openapi-json --validate --fail-on-warn --file "$fresh"
# A final newline, as editors and git like it.
[ -z "$(tail -c 1 "$fresh")" ] || echo >>"$fresh"
case ${1:-check} in
write) cat "$fresh" >$checked_in ;;
check)
    diff -u $checked_in "$fresh" || {
        echo "The API changed and $checked_in did not. If the change is meant: make schema" >&2
        exit 1
    }
    ;;
*) echo "usage: sh config/schema.sh write|check" >&2; exit 2 ;;
esac
