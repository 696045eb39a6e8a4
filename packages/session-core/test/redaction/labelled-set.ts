/**
 * Texts as they turn up in journals, with what is secret in them. The secrets are made up, and put together
 * here from pieces, so that nothing that looks like one is in this file.
 */
export interface LabelledText {
  readonly text: string;
  /** The secrets in the text; none when all of it is to survive. */
  readonly secrets: readonly string[];
}

let state = 42;
const next = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const from = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const alphanumeric = lower + lower.toUpperCase() + digits;
const hex = (length: number): string => from('0123456789abcdef', length);
const letters = (length: number): string => from(alphanumeric, length);
const url64 = (length: number): string => from(`${alphanumeric}-_`, length);
const base32 = (length: number): string => from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);
const base64 = (length: number): string => from(`${alphanumeric}+/`, length);
const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
/** Made of pieces, so that its beginning is not in this file. */
const token = (...pieces: string[]): string => pieces.join('');
const password = (): string =>
  `${from(lower, 4)}${from('!#%+=?', 1)}${from(digits, 3)}${from(lower.toUpperCase(), 2)}`;

const issued: readonly string[] = [
  token('AK', 'IA', base32(16)),
  token('AS', 'IA', base32(16)),
  token('gh', 'p_', letters(36)),
  token('gh', 'o_', letters(36)),
  token('gh', 's_', letters(36)),
  token('github', '_pat_', letters(22), '_', letters(59)),
  token('gl', 'pat-', url64(20)),
  token('gl', 'rt-', url64(20)),
  token('xo', 'xb-', from(digits, 12), '-', from(digits, 12), '-', letters(24)),
  token('xo', 'xp-', from(digits, 12), '-', letters(32)),
  token('xa', 'pp-1-', base32(11), '-', from(digits, 13), '-', hex(64)),
  token('sk', '_live_', letters(24)),
  token('rk', '_test_', letters(24)),
  token('wh', 'sec_', letters(32)),
  token('sk', '-', letters(48)),
  token('sk', '-proj-', url64(64)),
  token('sk', '-ant-', 'api03-', url64(93)),
  token('sk', '-or-', 'v1-', hex(64)),
  token('hf', '_', letters(34)),
  token('gs', 'k_', letters(52)),
  token('AI', 'za', url64(35)),
  token('ya', '29.', url64(80)),
  token('GOC', 'SPX-', url64(28)),
  token('np', 'm_', letters(36)),
  token('py', 'pi-AgE', url64(80)),
  token('do', 'p_v1_', hex(64)),
  token('da', 'pi', hex(32)),
  token('shp', 'at_', hex(32)),
  token('hv', 's.', url64(24)),
  token('lin', '_api_', letters(40)),
  token('S', 'G.', url64(22), '.', url64(43)),
  token(from('123456789', 1), from(digits, 8), ':A', 'A', url64(33)),
  token('ey', 'J', url64(33), '.ey', 'J', url64(80), '.', url64(43)),
];

const key = (name: string, lines: number): string =>
  [
    `-----BEGIN ${name}-----`,
    ...Array.from({ length: lines }, () => base64(64)),
    `-----END ${name}-----`,
  ].join('\n');

const inSentences = (secret: string): LabelledText[] => [
  { text: `curl -s "https://api.example.com/v1" with ${secret} and then jq .`, secrets: [secret] },
  { text: `export THING=${secret}\nnpm test`, secrets: [secret] },
  { text: `{"env":{"X":"${secret}"}}`, secrets: [secret] },
];

const named = (): LabelledText[] => {
  const texts: ((secret: string) => string)[] = [
    (secret) => `DB_PASSWORD=${secret}`,
    (secret) => `password: "${secret}"`,
    (secret) => `{"user": "ann", "password": "${secret}", "port": 5432}`,
    (secret) => `const config = { clientSecret: '${secret}' };`,
    (secret) => `"{\\"api_key\\": \\"${secret}\\"}"`,
    (secret) => `mysql --user=root --password=${secret} shop`,
    (secret) => `tool login --token ${secret}`,
    (secret) => `aws_secret_access_key = ${base64(20)}${secret}`.replace(secret, '') + secret,
    (secret) => `api-key: ${secret}`,
    (secret) => `GET /v1/items?access_token=${secret}&page=2`,
    (secret) => `spring.datasource.password=${secret}`,
    (secret) => `the password is ${secret}, change it`,
    (secret) => `PGPASSWORD=${secret} psql -h db`,
    (secret) => `<add key="AccountKey" /> AccountKey=${secret}`,
    (secret) => `auth_token => '${secret}'`,
    (secret) => `passphrase: "${secret}"`,
    (secret) => `private_key = "${secret}"`,
    (secret) => `os.environ["API_TOKEN"] = "${secret}"`,
  ];
  return texts.flatMap((build) =>
    [password(), letters(24), hex(32)].map((secret) => {
      const text = build(secret);
      const at = text.indexOf('aws_secret_access_key = ');
      return { text, secrets: [at < 0 ? secret : text.slice(at + 'aws_secret_access_key = '.length)] };
    }),
  );
};

const connections = (): LabelledText[] => {
  const secret = password().replaceAll(/[#?%]/g, '!');
  return [
    { text: `postgres://app:${secret}@db.internal:5432/shop`, secrets: [secret] },
    { text: `DATABASE_URL="mysql://root:${secret}@localhost/x"`, secrets: [secret] },
    { text: `git clone https://ann:${secret}@git.example.com/shop.git`, secrets: [secret] },
    { text: `redis://:${secret}@cache:6379/0`, secrets: [secret] },
    { text: `mongodb+srv://svc:${secret}@cluster0.example.net/?w=majority`, secrets: [secret] },
  ];
};

const headers = (): LabelledText[] => {
  const [opaque, basic, session] = [letters(40), `${base64(22)}==`, letters(32)];
  return [
    { text: `Authorization: Bearer ${opaque}`, secrets: [opaque] },
    { text: `curl -H 'Authorization: token ${opaque}' https://api.example.com`, secrets: [opaque] },
    { text: `authorization: Basic ${basic}`, secrets: [basic] },
    { text: `{"headers":{"Authorization":"Bearer ${opaque}"}}`, secrets: [opaque] },
    { text: `Proxy-Authorization: Basic ${basic}`, secrets: [basic] },
    { text: `Authorization: ${opaque}`, secrets: [opaque] },
    { text: `sent with bearer ${opaque} and refused`, secrets: [opaque] },
    { text: `Cookie: sid=${session}; theme=dark`, secrets: [session] },
    { text: `< Set-Cookie: session=${session}; HttpOnly`, secrets: [session] },
    { text: `X-Api-Key: ${opaque}`, secrets: [opaque] },
    {
      text: `POST https://hooks.slack.com/services/${'T0' + base32(8)}/${'B0' + base32(8)}/${opaque}`,
      secrets: [opaque],
    },
  ];
};

const keys = (): LabelledText[] =>
  [
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ].flatMap((name) => {
    const block = key(name, 5);
    const cut = block.split('\n').slice(0, 4).join('\n');
    return [
      { text: `wrote id.pem:\n${block}\ndone`, secrets: [block] },
      { text: JSON.stringify({ pem: block }), secrets: [JSON.stringify(block).slice(1, -1)] },
      { text: `first lines:\n${cut}`, secrets: [cut] },
    ];
  });

/** What nobody could tell from other words: these are missed, and are here so that the recall is honest. */
const hard = (): LabelledText[] => {
  const [word, code] = ['tulipfield', letters(20)];
  return [
    { text: `log in as ann, pw ${word}`, secrets: [word] },
    { text: `my login at the bank: ann / ${code}`, secrets: [code] },
    { text: `password: ${word}`, secrets: [word] },
  ];
};

export const secretTexts: readonly LabelledText[] = [
  ...issued.flatMap(inSentences),
  ...named(),
  ...connections(),
  ...headers(),
  ...keys(),
  ...hard(),
];

/** Ordinary texts, all of which are to survive. */
export const plainTexts: readonly LabelledText[] = [
  `commit ${hex(40)}\nAuthor: Ann <ann@example.com>`,
  `git checkout ${hex(7)} && git diff ${hex(40)}..${hex(40)}`,
  `sha256:${hex(64)}  dist/index.js`,
  `"integrity": "sha512-${base64(86)}=="`,
  `image: registry.example.com/shop@sha256:${hex(64)}`,
  `request ${uuid()} took 31 ms`,
  `session ses_${uuid()} ended (completed)`,
  `{"id":"${uuid()}","etag":"W/\\"${hex(32)}\\""}`,
  `data:image/png;base64,iVBORw0KGgo${base64(400)}`,
  `-----BEGIN CERTIFICATE-----\n${base64(64)}\n${base64(64)}\n-----END CERTIFICATE-----`,
  `-----BEGIN PUBLIC KEY-----\n${base64(64)}\n-----END PUBLIC KEY-----`,
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(43)} ann@laptop`,
  `trace ${hex(32)} span ${hex(16)} sampled`,
  `md5 ${hex(32)} etag "${hex(32)}"`,
  `order ${base32(12)} shipped, tracking ${from(digits, 18)}`,
  `0x${hex(64)} in block ${from(digits, 8)}`,
  `blob ${base64(200)}`,
  'const token = await getToken();',
  'function login(user: string, password: string): Promise<Token> {',
  'interface Credentials { readonly username: string; readonly password: string }',
  'if (token === undefined) throw new TypeError("token: must be given");',
  'this.password = password;',
  'connect(host=host, password=password, token=token)',
  'const { apiKey, secret } = options;',
  'const apiKey = process.env.API_KEY;',
  'apiKey: process.env["API_KEY"],',
  'password: config.get("database.password"),',
  'secret = os.environ["APP_SECRET"]',
  'PASSWORD=${PASSWORD}',
  'password: ${{ secrets.DB_PASSWORD }}',
  'API_KEY=<your key>',
  'DB_PASSWORD=changeme',
  'password=********',
  '"password": "********"',
  'token: [redacted:github-token]',
  '"max_tokens": 4096, "temperature": 0.2',
  '{"usage":{"input_tokens":1523,"output_tokens":208,"cache_read_input_tokens":90112}}',
  'total_tokens=12345 in 4 turns',
  'The tokenizer splits text into tokens: letters and digits.',
  'Unexpected token < in JSON at position 0',
  'SyntaxError: Unexpected token: punc (})',
  'the password must be at least 8 characters long',
  'password: "must be at least 8 characters"',
  'label: "Password", placeholder: "Your password"',
  '<input type="password" name="password" autocomplete="current-password">',
  'Enter your password: ',
  'password is required',
  'the token is invalid or has expired',
  'token type: bearer',
  'Authorization: Bearer $TOKEN',
  'Authorization: Bearer ${token}',
  'authorization: required',
  '-H "Authorization: Bearer <token>"',
  'the bearer of this letter',
  'https://example.com:8443/path?x=1',
  'https://example.com/@scope/package:1.2.3',
  'http://localhost:4747/api/v1/sessions?limit=50&cursor=abc',
  'postgres://app@db.internal:5432/shop',
  'mailto:ann@example.com',
  'ssh://git@git.example.com:2222/shop.git',
  'postgres://app:${DB_PASSWORD}@db/shop',
  'secretary of state',
  'a monkey: brown',
  'keyboard=us, keymap: de',
  'primaryKey: id, foreignKey: session_key',
  'key: value',
  'sort by key=name',
  'the secret of good tests',
  'secret santa: 24 December',
  'access key required for this door',
  'public_key = ssh-rsa',
  'sk-SK is the locale of Slovakia',
  'the risk-averse-and-otherwise-quite-ordinary-engineer wrote it',
  'npm_config_registry=http://localhost:4873',
  'npm_package_version is set',
  'ghp is short for the project',
  'task-list-with-a-very-long-name-that-goes-on-and-on.md',
  'eyJ is how base64 of {" begins',
  'AKIA is the beginning of a key id',
  'import { passwordSchema } from "./password-schema.ts";',
  'expect(user.password).toBeUndefined();',
  'const hash = await bcrypt.hash(password, 12);',
  'SELECT password_hash FROM users WHERE id = $1',
  'ALTER USER app WITH PASSWORD NULL',
  'export type Secret = string | undefined;',
  'token?: string | null;',
  'secret: boolean;',
  'const tokens: Token[] = tokenize(source);',
  'for (const token of tokens) print(token.value);',
  'return { token: response.token, expiresAt };',
  'csrfToken: req.csrfToken(),',
  'accessKey: z.string().min(16),',
  'password: z.string().min(8),',
  'password = getpass.getpass()',
  'const secretName = `${prefix}-db`;',
  'cancellationToken: default',
  'CancellationToken token = source.Token;',
  'pwd=$(pwd)',
  'PWD=/srv/shop',
  'OLDPWD=/home/ann',
  '"cwd": "/srv/shop", "pwd": "/srv/shop"',
  'cookie: strict',
  'Set-Cookie: theme=dark',
  'Content-Type: application/json; charset=utf-8',
  `version 1.2.3-beta.4+build.${hex(8)}`,
  `port 5432, pid 12345, ${from(digits, 13)} ms since 1970`,
  `at Object.<anonymous> (/srv/shop/src/token-store.ts:12:34)`,
  `Received ${letters(22)} rows`,
].map((text) => ({ text, secrets: [] }));
