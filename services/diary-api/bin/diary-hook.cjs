// What an agent's hook calls. CommonJS, and with the compiled code kept in the user's cache, because it runs
// at every turn of an agent. Whatever goes wrong, it ends with 0: a diary must not stop an agent.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `diary hook: NODE_TOO_OLD: needs Node 24.15 or newer; this is ${process.versions.node}.\n`,
  );
} else {
  const cache = process.env.XDG_CACHE_HOME || (process.env.HOME && `${process.env.HOME}/.cache`);
  if (cache) require('node:module').enableCompileCache(`${cache}/endwell/compile-cache`);
  try {
    require('../dist/hook.cjs');
  } catch (error) {
    process.stderr.write(`diary hook: ${String(error).split('\n')[0].slice(0, 300)}\n`);
  }
}
