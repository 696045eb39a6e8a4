import { createRedactor } from '@endwell/session-core';

/** A command line as it may be shown: what looks like a secret, alone or as the value of an option, is blotted out. */
export type HideSecrets = (args: readonly string[]) => string[];

export function createHideSecrets(): HideSecrets {
  const redactor = createRedactor();
  return (args) =>
    args.map((arg, index) => {
      const { text } = redactor.redact(arg);
      const option = args[index - 1] ?? '';
      if (text !== arg || !option.startsWith('-')) return text;
      const assigned = `${option.replace(/^-+/, '')}=${arg}`;
      return redactor.redact(assigned).text === assigned ? arg : '[redacted]';
    });
}
