// Takes the commands of the pages out of them as they are, and types them on a machine of their own with a real server and a real
// agent: a firewall that bans, a journal, an sshd. What a page shows as the answer is compared with the real one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import type { Outcome } from '../lab/command.ts'
import { DocsMachine } from './machine.ts'
import { commandsOf, shownIn } from './page.ts'
import { blocksFor, ROOT, spansFor } from './proofs.ts'
import { BROKEN_JAILS, furnish } from './scene.ts'
import { likeThis, steady } from './shown.ts'

const BLOCKS = blocksFor('test/docs/commands.test.ts')
const SHOWN = BLOCKS.filter(({ language }) => language === 'console').flatMap((block) =>
  shownIn(block).map((shown) => ({ at: `${block.page}:${block.line}`, ...shown })),
)
/** What stands for something else in the pages. */
const MEANT: readonly (readonly [written: RegExp, is: string])[] = [
  [/^… /, 'warder-server tune sshd --maxretry 3 '],
  [/--log FILE/, '--log doc.log'],
  [/> FILE/, '> saved'],
  [/\bFILE\b/, 'list.txt'],
  [/LOG FILTER/, 'doc.log sshd'],
  [/--operator NAME/, '--operator ada'],
  [/\bADDRESS\b/, '192.0.2.7'],
  [/FOLDER|\/mnt\/backups\/warder-\S+/, '$(ls -d /mnt/backups/warder-* | tail -n 1)'],
  [/--shadow --for 1h/, '--shadow --for 1s'],
  [/pve1,pve3/, 'pve1'],
]
const asTyped = (command: string): string =>
  MEANT.reduce((text, [written, is]) => text.replace(written, () => is), command)

/** Each once, however often the pages name it. */
const TYPED = [
  ...new Set(
    [
      ...BLOCKS.filter(({ language }) => language === 'sh').flatMap(commandsOf),
      ...spansFor('test/docs/commands.test.ts').map(({ text }) => text),
    ].map(asTyped),
  ),
]

/** What comes at the end, in this order, since others need what it takes away; each with what happens before it. */
const LAST: readonly {
  readonly begins: RegExp
  readonly before?: (machine: DocsMachine) => Promise<void>
}[] = [
  { begins: /^warder allow|addignoreip/ },
  { begins: / --group / },
  { begins: /^warder import-fail2ban$/ },
  { begins: /^nft delete/ },
  { begins: /^warder withdraw/, before: (machine) => machine.stopAgent() },
  { begins: /^warder-server (restore|check-port)/, before: (machine) => machine.stopServer() },
  { begins: /^warder-server (claim-code|set-port)/, before: (machine) => machine.startServer() },
]
const turn = (command: string): number => LAST.findIndex(({ begins }) => begins.test(command))
const IN_TURN = TYPED.toSorted((one, other) => turn(one) - turn(other))

/** Those that do not end with 0, and why that is right. */
const ENDS: Readonly<Record<string, number>> = {
  // A script must not end the protection, nor does one have to begin it.
  'fail2ban-client start': 255,
}

const trouble = labTrouble([
  '/usr/sbin/nft',
  '/usr/sbin/sshd',
  '/lib/systemd/systemd-journald',
  '/usr/bin/curl',
  '/usr/bin/script',
  `${ROOT}apps/agent/dist/agent.js`,
  `${ROOT}apps/server/dist/server.js`,
])

describe.skipIf(trouble)(`commands of the pages${trouble ? ` (${trouble})` : ''}`, () => {
  let machine: DocsMachine
  let token: string
  let begun = -1
  beforeAll(async () => {
    machine = await DocsMachine.open()
    token = await furnish(machine)
  }, 120_000)
  afterAll(() => machine?.[Symbol.asyncDispose]())

  const typed = (command: string): Promise<Outcome> =>
    machine.type(command, {
      env: { WARDER_TOKEN: token },
      ...(command === 'warder import-fail2ban' ? { answers: 'y\nn\n' } : {}),
    })

  it.each(SHOWN)('$at shows what $command says', async ({ command, output }) => {
    if (command === 'warder check') await machine.write('/etc/warder/jail.local', BROKEN_JAILS)
    const { stdout } = await machine.type(`{ ${command}; } 2>&1; rm -f /etc/warder/jail.local`)
    expect(steady(stdout)).toMatch(likeThis(output))
  })

  it.each(IN_TURN)('%s', async (command) => {
    const at = turn(command)
    if (at !== begun) await LAST[at]?.before?.(machine)
    begun = at
    const { code, stdout, stderr } = await typed(command)
    expect(code, stdout + stderr).toBe(ENDS[command] ?? 0)
  })
})
