import process from 'node:process';

/** As in `engines`. */
const lowestNode = 22;

// The program is loaded only after this look: on an older Node it would end in a stack trace somewhere.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < lowestNode) {
  process.stderr.write(
    `proc-guard: Node.js ${lowestNode} or newer is needed for this, and this is ${process.versions.node}.\n`,
  );
  // 125 where the exit code would otherwise be a command's own.
  process.exitCode = ['run', 'exec', 'detach'].includes(process.argv[2] ?? '') ? 125 : 1;
} else {
  await import('./cli/main.ts');
}
