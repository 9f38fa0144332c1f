import { describe, expect, it } from 'vitest'
import { readConfiguration } from './configuration.ts'

const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n'

function read(jail: string, fallback = '') {
  const text = `[DEFAULT]\n${fallback}\n[door]\nenabled = true\nlogpath = /var/log/door.log\nfilter = door\n${jail}\n`
  const files = new Map([
    ['jail.conf', text],
    ['filter.d/door.conf', FILTER],
  ])
  const { jails, problems } = readConfiguration([{ name: 'test', files }])
  return {
    prefix: jails[0]?.ipv6prefix,
    aggregate: jails[0]?.aggregate,
    jails: jails.length,
    problems: problems.map(({ message }) => message).join(),
  }
}

describe('ipv6prefix', () => {
  it.each<[string, string, number | undefined]>([
    ['', '', undefined],
    ['ipv6prefix = 64', '', 64],
    ['ipv6prefix = /56', '', 56],
    ['', 'ipv6prefix = 48', 48],
    ['ipv6prefix = 128', 'ipv6prefix = 64', undefined],
    ['ipv6prefix = 32', '', 32],
  ])('%j over %j is %s', (jail, fallback, prefix) => {
    expect(read(jail, fallback)).toMatchObject({ prefix, jails: 1, problems: '' })
  })

  it.each(['31', '129', 'x', '-64', '64.5'])('= %s is refused', (value) => {
    const { jails, problems } = read(`ipv6prefix = ${value}`)
    expect(jails).toBe(0)
    expect(problems).toContain('is no whole number from 32 to 128')
  })
})

describe('aggregate', () => {
  it.each<[string, string, number | undefined]>([
    ['', '', undefined],
    ['aggregate = 5', '', 5],
    ['', 'aggregate = 256', 256],
    ['aggregate = off', 'aggregate = 5', undefined],
    ['aggregate = 0', 'aggregate = 5', undefined],
    ['aggregate = 2', 'aggregate = off', 2],
  ])('%j over %j is %s', (jail, fallback, aggregate) => {
    expect(read(jail, fallback)).toMatchObject({ aggregate, jails: 1, problems: '' })
  })

  it.each(['1', '257', 'x', '-5', '2.5', 'true'])('= %s is refused', (value) => {
    const { jails, problems } = read(`aggregate = ${value}`)
    expect(jails).toBe(0)
    expect(problems).toContain('is neither a whole number from 2 to 256 nor off')
  })
})
