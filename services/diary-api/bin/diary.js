#!/usr/bin/env node
// A file of its own, so that the link to it can be made before the first build, and so that an
// older Node gets a sentence instead of a syntax error from the program itself.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `diary: NODE_TOO_OLD: needs Node 24.15 or newer (for a SQLite that is safe with several writers); this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  const [command, ...rest] = process.argv.slice(2);
  const isHook = command === 'hook' && !rest.includes('--help') && !rest.includes('-h');
  await import(isHook ? './diary-hook.cjs' : '../dist/main.js');
}
