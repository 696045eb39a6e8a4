/** What a redactor recognises, as it is named in the marker that is stored instead. */
export const REDACTION_KINDS = [
  'private-key',
  'aws-access-key',
  'github-token',
  'gitlab-token',
  'slack-token',
  'slack-webhook',
  'stripe-key',
  'ai-provider-key',
  'google-key',
  'npm-token',
  'pypi-token',
  'hosting-token',
  'mail-service-key',
  'bot-token',
  'json-web-token',
  'authorization-header',
  'cookie-header',
  'url-password',
  'named-value',
] as const;

export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** A place in a text, by UTF-16 units as `String.prototype.slice` takes them. */
export interface RedactionMatch {
  readonly kind: RedactionKind;
  readonly start: number;
  readonly end: number;
}
