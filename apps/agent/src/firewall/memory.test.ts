import { ManualClock, makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { firewallConforms } from './conformance.ts'
import { DryRunFirewall } from './dry-run.ts'
import type { Firewall } from './firewall.ts'
import { MemoryFirewall } from './memory.ts'

const silent = makeLogger({ name: 'test', level: 'silent', form: 'json' })

const rigOf = (make: (clock: ManualClock) => Firewall) => async () => {
  const clock = new ManualClock(1_800_000_000_000)
  return { firewall: make(clock), clock, again: () => null, async [Symbol.asyncDispose]() {} }
}

describe('a firewall in memory', () => {
  firewallConforms(rigOf((clock) => new MemoryFirewall(clock)))

  it('ends bans by the clock', async () => {
    const clock = new ManualClock(1_000)
    const firewall = new MemoryFirewall(clock)
    await firewall.prepare({ jails: [{ name: 'sshd', ports: { protocol: 'tcp', ports: 'all' } }], never: [] })
    await firewall.apply([{ kind: 'add', jail: 'sshd', ip: '192.0.2.1', until: 2_000 }])
    clock.advance(1_000)
    expect(await firewall.list()).toEqual([])
  })
})

describe('a dry run', () => {
  firewallConforms(rigOf((clock) => new DryRunFirewall(clock, silent, 'because')))

  it('says that it does not enforce, and why', () => {
    expect(new DryRunFirewall(new ManualClock(0), silent, 'because').report()).toEqual({
      backend: 'dry-run',
      enforcing: false,
      reason: 'because',
    })
  })
})
