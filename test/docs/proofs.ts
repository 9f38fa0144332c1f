import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readPage, type Block, type Page, type Span } from './page.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const mdIn = (folder: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)

/** The pages for users, and those beside them. */
export const PAGES: readonly Page[] = ['README.md', ...mdIn('docs'), ...mdIn('docs/operate')].map((file) =>
  readPage(file, readFileSync(`${ROOT}${file}`, 'utf8')),
)

/** Which blocks of a page, and the test that takes them out of it and runs or reads them, or why none does. */
export interface Proof {
  readonly page: string
  /** One language where a page has several. */
  readonly language?: Block['language']
  /** A text that the block holds, where one language is not enough. */
  readonly has?: string
  /** The test's file, or a sentence. */
  readonly by: string
}

const API = 'test/docs/api.test.ts'
const COMMANDS = 'test/docs/commands.test.ts'
const FILES = 'test/docs/files.test.ts'
const BOOTED = 'test/cluster/packages.test.ts'
const START = 'test/e2e/start.test.ts'
const PROMETHEUS = 'test/e2e/prometheus.test.ts'
const PROXIES = 'test/proxies/proxies.test.ts'
const MEASURES = 'it measures for minutes; that its options exist is looked at in test/docs/pages.test.ts'
const FORM = 'it is a form, not a command'

/** Every block has exactly one. */
export const PROOFS: readonly Proof[] = [
  { page: 'README.md', language: 'console', by: START },
  {
    page: 'README.md',
    has: 'npm start ',
    by: 'test/e2e/start.test.ts starts it; npm test is what runs this',
  },
  { page: 'README.md', has: 'npm run package', by: 'docs/operate/install.md has the same line by line' },
  {
    page: 'README.md',
    has: 'npm run demo',
    by: 'test/lab/dashboard.ts starts the same for test/e2e; dev watches besides',
  },
  { page: 'README.md', has: 'warder import-fail2ban', by: COMMANDS },
  { page: 'README.md', has: 'warder status', by: COMMANDS },
  { page: 'docs/ARCHITECTURE.md', by: 'it is a drawing' },
  { page: 'docs/PERFORMANCE.md', by: MEASURES },
  { page: 'docs/api.md', by: API },
  { page: 'docs/cli.md', language: 'text', by: FORM },
  { page: 'docs/cli.md', language: 'console', by: COMMANDS },
  { page: 'docs/cluster.md', has: 'curl ', by: API },
  { page: 'docs/cluster.md', language: 'ini', by: FILES },
  { page: 'docs/cluster.md', has: 'warder panic', by: COMMANDS },
  { page: 'docs/first-walk.md', language: 'console', by: START },
  { page: 'docs/from-fail2ban.md', by: COMMANDS },
  { page: 'docs/jails.md', by: FILES },
  { page: 'docs/nodes.md', by: BOOTED },
  { page: 'docs/notifications.md', language: 'toml', by: FILES },
  { page: 'docs/notifications.md', language: 'json', by: FILES },
  { page: 'docs/notifications.md', language: 'text', by: FORM },
  { page: 'docs/people.md', language: 'sh', by: COMMANDS },
  { page: 'docs/people.md', language: 'toml', by: FILES },
  { page: 'docs/operate/backup.md', has: 'warder-server backup', by: COMMANDS },
  { page: 'docs/operate/backup.md', language: 'toml', by: FILES },
  { page: 'docs/operate/backup.md', has: 'systemctl', by: BOOTED },
  { page: 'docs/operate/hardening.md', language: 'sh', by: BOOTED },
  { page: 'docs/operate/hardening.md', language: 'console', by: COMMANDS },
  { page: 'docs/operate/history.md', language: 'toml', by: FILES },
  { page: 'docs/operate/history.md', language: 'sh', by: API },
  { page: 'docs/operate/https.md', language: 'console', by: COMMANDS },
  { page: 'docs/operate/https.md', language: 'sh', by: BOOTED },
  {
    page: 'docs/operate/install.md',
    has: 'npm run package',
    by: 'test/packages/packages.test.ts makes them so',
  },
  { page: 'docs/operate/install.md', has: 'apt install', by: BOOTED },
  { page: 'docs/operate/install.md', has: 'systemctl', by: BOOTED },
  { page: 'docs/operate/monitoring.md', language: 'sh', by: API },
  { page: 'docs/operate/monitoring.md', language: 'yaml', by: PROMETHEUS },
  { page: 'docs/operate/proxy.md', language: 'toml', by: FILES },
  { page: 'docs/operate/proxy.md', language: 'nginx', by: PROXIES },
  { page: 'docs/operate/proxy.md', language: 'caddy', by: PROXIES },
  { page: 'docs/operate/troubleshoot.md', by: 'apt update asks deb.debian.org' },
]

/** Whether a proof is about a block. */
export const isAbout = ({ page, language, has }: Proof, block: Block): boolean =>
  block.page === page &&
  (language === undefined || block.language === language) &&
  (has === undefined || block.text.includes(has))

/** Pages about what is inside. */
const NO_COMMANDS = ['docs/ARCHITECTURE.md', 'docs/PERFORMANCE.md']
const ALONE = ['dmesg', 'timedatectl', 'update-ca-certificates', 'geoipupdate']
const PROGRAMS = [
  ...['warder', 'warder-server', 'npm', 'fail2ban-client', 'fail2ban-regex', 'systemctl', 'systemd-analyze'],
  ...[
    'apt',
    'dpkg',
    'nft',
    'journalctl',
    'ssh',
    'sshd',
    'ssh-keygen',
    'rm',
    'kill',
    'grep',
    'smartctl',
    'pvenode',
  ],
]

/** Whether code in a line is a command that somebody could type. One with a gap in it is none, but for its beginning. */
const isCommand = ({ page, text }: Span): boolean =>
  text.startsWith('… --') ||
  (!NO_COMMANDS.includes(page) &&
    !/…|\.\.\./.test(text) &&
    (ALONE.includes(text) || PROGRAMS.some((program) => text.startsWith(`${program} `))))

/** Commands in the lines of the pages. */
export const COMMAND_SPANS: readonly Span[] = PAGES.flatMap(({ spans }) => spans).filter(isCommand)

/** How their commands begin, and the test that runs them, or why none does; the first that fits. */
export const SPAN_PROOFS: readonly { readonly begins: RegExp; readonly by: string }[] = [
  {
    begins:
      /^(warder (regex|replay( --config)?|unban|client|harden restore)|warder-server (tune|restore|remove-totp)|fail2ban-client set)$/,
    by: 'it is a name in a sentence, which wants more behind it',
  },
  { begins: /^warder client "\$@"$/, by: 'test/acceptance/fail2ban-client.test.ts has such a script' },
  {
    begins: /^warder import-fail2ban --stop/,
    by: 'test/acceptance/import-fail2ban.test.ts ends the real one',
  },
  { begins: /^warder harden (apply|restore --all)/, by: `${BOOTED} does it, with systemd` },
  { begins: /^warder (enrol|run)\b/, by: `${COMMANDS} begins with them` },
  {
    begins:
      /^(…|warder|warder-server|fail2ban-client|nft delete|journalctl|grep|sshd|ssh-keygen|systemd-analyze cat-config) /,
    by: COMMANDS,
  },
  { begins: /^systemctl status\b/, by: 'it shows, for eyes alone' },
  { begins: /^apt update$/, by: 'it asks deb.debian.org' },
  { begins: /^npm /, by: 'test/docs/pages.test.ts asks their programs for the words' },
  {
    begins: /^(systemctl (start|stop|restart|reload)|apt (install|remove|purge)|systemd-analyze security\b)/,
    by: `${BOOTED} does it`,
  },
  { begins: /^rm /, by: 'it is about what only a failure names' },
  { begins: /^systemctl edit /, by: 'it opens an editor' },
  { begins: /^fail2ban-regex /, by: 'it is what they have, not ours' },
  {
    begins: /^dpkg --configure -a$/,
    by: 'test/packages/deploy.test.ts has a dpkg that was interrupted; here there is none',
  },
  {
    begins: /^(dmesg|timedatectl|smartctl|geoipupdate|update-ca-certificates|pvenode)\b/,
    by: 'it asks the machine itself',
  },
  { begins: /^ssh /, by: 'it needs a key of yours' },
]

/** The commands in lines that a test has to run. */
export const spansFor = (test: string): readonly Span[] =>
  COMMAND_SPANS.filter(({ text }) => SPAN_PROOFS.find(({ begins }) => begins.test(text))?.by === test)

/** The blocks that a test has to take, in the order of the pages; `test` is its file, as in the table. */
export const blocksFor = (test: string): readonly Block[] =>
  PAGES.flatMap(({ blocks }) => blocks).filter((block) =>
    PROOFS.some((proof) => proof.by === test && isAbout(proof, block)),
  )
