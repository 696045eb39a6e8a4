#!/bin/sh
# A front for "diary doctor": shows sessions and processes that were left behind, and with --fix ends those
# that are over anyway. It looks for nothing by name and deletes no file; see "diary doctor --help".
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
node="$root/node_modules/.bin/node"
if [ ! -x "$node" ] || [ ! -f "$root/services/diary-api/dist/main.js" ]; then
  echo "kill-zombie-sessions: not built yet: run npm start or npm test in $root once." >&2
  exit 1
fi
exec "$node" "$root/services/diary-api/bin/diary.js" doctor "$@"
