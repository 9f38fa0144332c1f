import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Beside } from '../fail2ban/beside.ts'
import { fail2banTrouble } from '../fail2ban/server.ts'
import { run, until } from '../lab/command.ts'

const trouble = fail2banTrouble()
const sme = await scriptOfSme()
/** More than a pipe takes at once. */
const LONG = 6_000

/** The script of the page about SME Server, whose line breaks were lost when it was copied. */
async function scriptOfSme(): Promise<string | null> {
  const sources = process.env['WARDER_SOURCES'] ?? ''
  const page = await readFile(join(sources, '5-sme-server-contrib.txt'), 'utf8').catch(() => '')
  const [whole] = /#!\/bin\/bash #lancer.* done$/m.exec(page) ?? []
  return whole === undefined
    ? null
    : whole.replace(
        /^(#!\S+) (#.*?sudo) (JAILS=.*?) (for j in \$JAILS) do (.*) done$/,
        '$1\n$2\n$3\n$4\ndo\n$5\ndone\n',
      )
}

/** What people's scripts do with fail2ban-client, in the ways in which they do it. */
const SCRIPTS: readonly (readonly [what: string, script: string])[] = [
  [
    'figures of every jail, by awk',
    `for j in $(fail2ban-client status | awk -F: '/Jail list/ {gsub(/,/, ""); print $2}'); do
       fail2ban-client status "$j" | awk -F'\\t' -v j="$j" '/(Currently|Total) (failed|banned)/ {print j, $1, $NF}'
     done`,
  ],
  [
    'jails as JSON, for a discovery',
    `fail2ban-client status | sed -n 's/^.*Jail list:[[:space:]]*//p' | tr -d ' ' | tr ',' '\\n' |
       awk 'BEGIN {printf "["} {printf "%s{\\"{#JAIL}\\":\\"%s\\"}", (NR > 1 ? "," : ""), $1} END {print "]"}'`,
  ],
  [
    'a status taken apart by python',
    `fail2ban-client status door | python3 -c '
import json, re, sys
print(json.dumps(dict(re.findall(r"[|\`]- ([A-Za-z ]+):\\t(.*)", sys.stdin.read()))))'`,
  ],
  [
    'bans as JSON, by other quotes',
    `fail2ban-client banned | tr "'" '"' | python3 -c '
import json, sys
print(sorted((jail, ips) for each in json.load(sys.stdin) for jail, ips in each.items()))'`,
  ],
  [
    'ends of bans, word by word',
    `fail2ban-client get door banip --with-time | while read -r ip day time plus length equals rest; do
       echo "$ip $plus $length $equals $(echo "$rest" | wc -w)"
     done`,
  ],
  ['a check for life', `[ "$(fail2ban-client ping 2>&1)" = 'Server replied: pong' ] && echo up || echo down`],
  [
    'a check of a jail that is not there',
    `if ! out=$(fail2ban-client status nowhere 2>/dev/null); then echo "CRITICAL: $out"; exit 2; fi`,
  ],
  [
    'a change, its answer compared',
    `set -e; [ "$(fail2ban-client set door bantime 1h 2>&1)" = 3600 ]; [ "$(fail2ban-client get door bantime)" = "$(fail2ban-client --str2sec 1h)" ]; echo same`,
  ],
  ['the release, as one number', `fail2ban-client --version | grep -oE '[0-9]+\\.[0-9]+\\.[0-9]+' | wc -l`],
  [
    'bans where they are missing',
    `for ip in 203.0.113.1 203.0.113.77; do
       [ "$(fail2ban-client get door banned "$ip")" -eq 1 ] || fail2ban-client set door banip "$ip"
     done`,
  ],
  [
    'unbans of words from somewhere',
    `fail2ban-client unban 'not an address' 203.0.113.1 203.0.113.99 2>/dev/null; echo $?`,
  ],
  ['a reader that has seen enough', `fail2ban-client status | head -n 1`],
]

describe.skipIf(trouble)(`scripts that call fail2ban-client${trouble ? ` (${trouble})` : ''}`, () => {
  let beside: Beside
  let paths: Awaited<ReturnType<Beside['paths']>>
  beforeAll(async () => {
    beside = await Beside.open()
    paths = await beside.paths()
    await beside.both(['set', 'door', 'banip', '203.0.113.1', '203.0.113.2', '2001:db8::7'])
    await isNoted('door', '2001:db8::7')
  }, 120_000)
  afterAll(() => beside?.[Symbol.asyncDispose](), 60_000)

  /** The server of fail2ban notes bans that are asked for beside its answer. */
  const isNoted = (jail: string, ip: string) =>
    until('the bans', async () => (await beside.theirs('get', jail, 'banned', ip)).stdout === '1\n')

  async function alike(script: string, shell = 'sh'): Promise<void> {
    const [theirs, ours] = await Promise.all(
      [paths.theirs, paths.ours].map((env) => run([shell, '-c', script], { env })),
    )
    expect({ code: ours?.code, out: ours?.stdout }).toEqual({ code: theirs?.code, out: theirs?.stdout })
  }

  it.each(SCRIPTS)('tell the same: %s', async (_, script) => alike(script), 60_000)

  it.skipIf(sme === null)(
    `tell the same: bans of every jail${sme === null ? ' (needs WARDER_SOURCES)' : ''}`,
    () => alike(sme ?? '', 'bash'),
    120_000,
  )

  it('get a long list whole', async () => {
    const ips = Array.from({ length: LONG }, (_, i) => `198.18.${i >> 8}.${i & 255}`)
    const [theirs, ours] = await beside.both(['set', 'shop', 'banip', ...ips])
    expect([theirs.stdout, ours.stdout]).toEqual([`${LONG}\n`, `${LONG}\n`])
    await isNoted('shop', ips.at(-1) ?? '')
    await alike(
      `fail2ban-client status shop | tail -n 1 | wc; fail2ban-client banned | grep -o '198\\.18\\.[0-9.]*' | sort -V | cksum`,
    )
  }, 120_000)
})
