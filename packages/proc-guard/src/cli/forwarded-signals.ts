/** What a program between a starter and a command passes on. */
export const forwardedSignals: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGUSR2',
  'SIGWINCH',
];
