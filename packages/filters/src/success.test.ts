import { setFlagsFromString } from 'node:v8'
import { readConfiguration } from '@warder/conf'
import { compileFilter, journalLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { readSamples } from './corpus.ts'
import { namesOfSuccesses, shippedFiles } from './shipped.ts'
import { shippedJail, trySuccess } from './try.ts'

setFlagsFromString('--enable-experimental-regexp-engine')

const NOW = Date.UTC(2026, 10, 20, 12)

it('are known at sshd and Proxmox VE', () => {
  expect(namesOfSuccesses()).toEqual(['proxmox', 'sshd'])
})

describe.each(namesOfSuccesses())('successful logins at %s', (name) => {
  const samples = readSamples(name, 'success.log')

  it.each(samples)('success.log:$number $reason', ({ from, text, expect: wanted }) => {
    const line =
      from === 'journal'
        ? journalLine(JSON.parse(text), NOW)
        : { source: '/var/log/sample.log', text, readAt: NOW }
    const found = line === null ? null : trySuccess(name)(line, NOW)
    expect(found?.ip ?? null).toBe(wanted?.ip ?? null)
    if (typeof wanted?.user === 'string') expect(found?.user).toBe(wanted.user)
  })

  it('are found by few texts, in a time that grows with the line', () => {
    const { success } = shippedJail(name)
    expect(success?.needed?.length).toBeLessThanOrEqual(2)
    expect(success?.linear).not.toBe('none')
  })

  it('are none of the failures', () => {
    const failures = readSamples(name).filter(({ expect: wanted }) => wanted !== null)
    for (const { from, text } of failures) {
      const line =
        from === 'journal' ? journalLine(JSON.parse(text), NOW) : { source: '/x', text, readAt: NOW }
      expect(line === null ? null : trySuccess(name)(line, NOW), text).toBeNull()
    }
  })
})

describe('successes stay known where a filter of an operator stands in the place of ours', () => {
  it.each(namesOfSuccesses())('%s', (name) => {
    const { jails } = readConfiguration([
      { name: 'shipped', files: shippedFiles() },
      {
        name: '/etc/fail2ban',
        files: new Map([[`filter.d/${name}.conf`, '[Definition]\nfailregex = ^own <HOST>$\n']]),
      },
    ])
    const jail = jails.find((one) => one.name === name)
    expect(jail?.filter.failregex).toEqual(['^own <HOST>$'])
    expect(jail?.success && compileFilter(jail.success.filter).ok).toBe(true)
  })
})
