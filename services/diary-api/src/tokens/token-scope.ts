/**
 * What a token may do. `read` and `write` say nothing about each other: a recorder may write and
 * see nothing. `admin` may do everything, also forget, end other programs' processes and manage tokens.
 */
export const TOKEN_SCOPES = ['read', 'write', 'admin'] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

export function isAllowed(scopes: readonly TokenScope[], wanted: TokenScope): boolean {
  return scopes.includes('admin') || scopes.includes(wanted);
}
