#!/bin/sh
# A stand-in for a coding agent: its shell tool starts a dev server, a watcher and a test runner in
# the background, each in the way such programs like to run. Prints the ports when all are ready.
node=$1
listen='const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { require("node:fs").writeFileSync(process.argv[1], String(s.address().port)); })'
folder=$2
sh -c "'$node' -e '$listen' '$folder/dev' &" </dev/null >/dev/null 2>&1
setsid sh -c "'$node' -e '$listen' '$folder/watch' & wait" </dev/null >/dev/null 2>&1 &
nohup sh -c "trap '' TERM HUP; '$node' -e '$listen' '$folder/test'; :" </dev/null >/dev/null 2>&1 &
while [ ! -s "$folder/dev" ] || [ ! -s "$folder/watch" ] || [ ! -s "$folder/test" ]; do sleep 0.05; done
echo "[$(cat "$folder/dev"),$(cat "$folder/watch"),$(cat "$folder/test")]"
sleep 300
