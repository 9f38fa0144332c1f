import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLogger, systemClock } from '@warder/daemon'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseFirewall } from './choose.ts'
import { whyNoIpset, whyNoNft } from './netns.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
type Wanted = 'auto' | 'nftables' | 'ipset' | 'dry-run' | 'memory'
const choose = async (wanted: Wanted, folders: readonly string[], guests = false) =>
  (await chooseFirewall({ wanted, guests, clock: systemClock, log, folders })).report()

const root = mkdtempSync(join(tmpdir(), 'warder-choose-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A folder with some of the machine's programs; `broken` ones only say what they refuse. */
function folderOf(programs: readonly string[], broken: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, `bin-${[...programs, ...Object.keys(broken)].join('-') || 'none'}`)
  mkdirSync(folder)
  for (const name of programs) symlinkSync(`/usr/sbin/${name}`, join(folder, name))
  for (const [name, complaint] of Object.entries(broken)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${complaint}' >&2\nexit 1\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

const IPTABLES = ['iptables', 'iptables-save', 'ip6tables', 'ip6tables-save']

describe('choosing the firewall', () => {
  it.each([
    ['memory', 'memory', 'as configured'],
    ['dry-run', 'dry-run', 'as configured'],
    [
      'auto',
      'dry-run',
      'nothing is blocked: nft is not installed (apt install nftables); ipset and iptables are not installed (apt install ipset iptables)',
    ],
  ] as const)('%s without anything → %s', async (wanted, backend, reason) => {
    const report = await choose(wanted, ['/nowhere'])
    expect(report).toMatchObject({ backend, enforcing: false })
    expect(report.reason).toContain(reason)
  })

  it('says why when nft does not work', async () => {
    const report = await choose('auto', [folderOf([], { nft: 'Error: out of order' })])
    expect(report.reason).toMatch(/^nothing is blocked: nft refused .*out of order; ipset and iptables/)
  })

  it.each([
    ['nftables', 'apt install nftables'],
    ['ipset', 'apt install ipset iptables'],
  ] as const)('refuses to start when %s is demanded and not there', async (wanted, words) => {
    await expect(choose(wanted, ['/nowhere'])).rejects.toThrow(words)
  })

  const trouble = whyNoNft()
  it.skipIf(trouble)(`takes nftables where it works${trouble ? ` (${trouble})` : ''}`, async () => {
    // Asking only: nft checks the statement and carries nothing out.
    const report = await choose('auto', ['/nowhere', '/usr/sbin'])
    expect(report).toMatchObject({ backend: 'nftables', enforcing: true })
    expect(report.reason).toMatch(/^nftables \d/)
    const guests = await choose('auto', ['/usr/sbin'], true)
    expect(guests.reason).toMatch(/; guests behind bridges are (?:NOT )?protected/)
  })

  const noIpset = whyNoIpset('-nft')
  it.skipIf(noIpset)(
    `takes ipset where nftables does not work${noIpset ? ` (${noIpset})` : ''}`,
    async () => {
      const report = await choose('auto', [folderOf(['ipset', ...IPTABLES])], true)
      expect(report).toMatchObject({ backend: 'ipset', enforcing: true })
      expect(report.reason).toMatch(
        /^ipset \d\S+ with iptables \d\S+ \((?:legacy|nf_tables)\), in place of nftables: nft is not installed/,
      )
      expect(report.reason).toMatch(/guests behind bridges are NOT protected: that needs nftables$/)
    },
  )
})
