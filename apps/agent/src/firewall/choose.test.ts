import { makeLogger, systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { chooseFirewall } from './choose.ts'
import { whyNoNft } from './netns.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
const choose = async (wanted: 'auto' | 'nftables' | 'dry-run' | 'memory', places: readonly string[]) =>
  (await chooseFirewall({ wanted, clock: systemClock, log, places })).report()

describe('choosing the firewall', () => {
  it.each([
    ['memory', 'memory', 'as configured'],
    ['dry-run', 'dry-run', 'as configured'],
    ['auto', 'dry-run', 'nothing is blocked: nft is not installed (apt install nftables)'],
  ] as const)('%s without nft → %s', async (wanted, backend, reason) => {
    const report = await choose(wanted, ['/nowhere/nft'])
    expect(report).toMatchObject({ backend, enforcing: false })
    expect(report.reason).toContain(reason)
  })

  it('says why when nft does not work', async () => {
    expect((await choose('auto', ['/usr/bin/false'])).reason).toMatch(/^nothing is blocked: nft refused/)
  })

  it('refuses to start when nftables is demanded and not there', async () => {
    await expect(choose('nftables', ['/nowhere/nft'])).rejects.toThrow('apt install nftables')
  })

  const trouble = whyNoNft()
  it.skipIf(trouble)(`takes nftables where it works${trouble ? ` (${trouble})` : ''}`, async () => {
    // Asking only: nft checks the statement and carries nothing out.
    const report = await choose('auto', ['/nowhere/nft', '/usr/sbin/nft'])
    expect(report).toMatchObject({ backend: 'nftables', enforcing: true })
    expect(report.reason).toMatch(/^nftables \d/)
  })
})
