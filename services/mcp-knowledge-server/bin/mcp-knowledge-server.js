#!/usr/bin/env node
// A file of its own, so that the link to it can be made before the first build, and so that an
// older Node gets a sentence instead of a syntax error from the program itself.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `mcp-knowledge-server: NODE_TOO_OLD: needs Node 24.15 or newer (for a SQLite that is safe with several writers); this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  // Not imported: as modules they would read out all that they have, which loads more than is needed.
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  // From the second start on, Node does not compile the program again. NODE_COMPILE_CACHE says where it
  // keeps that, NODE_DISABLE_COMPILE_CACHE=1 that it should not.
  enableCompileCache();
  // A server that mostly waits has no use for the room that V8 makes for young objects after the first busy
  // moment and never gives back: a fifth of its memory.
  setFlagsFromString('--semi-space-growth-factor=1');
  await import('../dist/main.js');
}
