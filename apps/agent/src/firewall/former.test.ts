import { makeLogger, systemClock } from '@warder/daemon'
import { expect, it } from 'vitest'
import type { Backends, EnforcingBackend } from '../state/backends.ts'
import { endFormer } from './former.ts'
import { MemoryFirewall } from './memory.ts'

class Former extends MemoryFirewall {
  isRemoved = false
  override remove(): Promise<void> {
    this.isRemoved = true
    return super.remove()
  }
}

it.each<[string, { isInTrouble: boolean; fails: boolean }, readonly EnforcingBackend[]]>([
  ['is taken down', { isInTrouble: false, fails: false }, []],
  ['stays as long as nothing takes its place', { isInTrouble: true, fails: false }, ['ipset']],
  ['is remembered where it cannot be taken down', { isInTrouble: false, fails: true }, ['ipset']],
])('what was enforced with another firewall %s', async (_, { isInTrouble, fails }, left) => {
  let noted: readonly EnforcingBackend[] = ['ipset']
  const backends: Backends = {
    all: () => noted,
    note: () => {},
    forget: (backend) => void (noted = noted.filter((each) => each !== backend)),
  }
  const former = new Former(systemClock)
  await endFormer({
    backends,
    firewall: new MemoryFirewall(systemClock),
    isInTrouble,
    choose: () => (fails ? Promise.reject(new Error('ipset is not installed')) : Promise.resolve(former)),
    log: makeLogger({ name: 'test', level: 'silent', form: 'text' }),
  })
  expect([noted, former.isRemoved]).toEqual([left, left.length === 0])
})
