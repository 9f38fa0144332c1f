import { describe, expect, it } from 'vitest'
import { readConfiguration } from './configuration.ts'

const FILTER = `[Definition]
failregex = ^Failed for <HOST>$
prefregex = ^app: <F-CONTENT>.+</F-CONTENT>$
successregex = ^Welcome <F-USER>\\S+</F-USER> from <ADDR>$
               ^Hello <ADDR>$
`
const OTHER = `[Definition]
successregex = ^In <ADDR>$
datepattern = ^%%Y
`
const read = (jail: string, filter = FILTER) =>
  readConfiguration([
    {
      name: '/etc/warder',
      files: new Map([
        ['filter.d/app.conf', filter],
        ['filter.d/other.conf', OTHER],
        ['jail.local', `[app]\nenabled = true\nfilter = app\nlogpath = /x\n${jail}\n`],
      ]),
    },
  ])
const WELCOME = ['^Welcome <F-USER>\\S+</F-USER> from <ADDR>$', '^Hello <ADDR>$']

describe('what successful logins look like', () => {
  it.each([
    ['stands in the filter', '', { failregex: WELCOME, prefregex: '^app: <F-CONTENT>.+</F-CONTENT>$' }],
    ['stands in the jail, above the filter', 'successregex = ^Hi <ADDR>$', { failregex: ['^Hi <ADDR>$'] }],
    ['stands in another filter', 'successfilter = other', { failregex: ['^In <ADDR>$'], datepattern: '^%Y' }],
  ])('%s', (_, jail, filter) => {
    const { jails, problems } = read(jail)
    expect(problems).toEqual([])
    expect(jails[0]?.success?.filter).toMatchObject(filter)
    expect(jails[0]?.success?.logpath).toBeUndefined()
  })

  it('may be looked for in other logs', () => {
    expect(read('successlog = /var/log/a.log\n /var/log/b*.log').jails[0]?.success?.logpath).toEqual([
      '/var/log/a.log',
      '/var/log/b*.log',
    ])
  })

  it.each([
    ['nobody says', '', '[Definition]\nfailregex = ^Failed for <HOST>$\n'],
    ['the jail wants none', 'successfilter = off', FILTER],
  ])('is nothing where %s', (_, jail, filter) => {
    const { jails, problems } = read(jail, filter)
    expect([problems, jails[0]?.success]).toEqual([[], undefined])
  })

  it.each([
    ['an expression that cannot be used', 'successregex = ^Hi (<ADDR>$', /successregex "\^Hi/],
    ['an expression without an address', 'successregex = ^Hi$', /captures no address/],
    ['a filter that is not there', 'successfilter = nothing', /successfilter 'nothing' cannot be read/],
    ['a log that is not absolute', 'successlog = a.log', /successlog is not absolute/],
  ])('costs the jail nothing else: %s', (_, jail, told) => {
    const { jails, problems } = read(jail)
    expect(jails[0]?.filter.failregex).toEqual(['^Failed for <HOST>$'])
    expect(problems.map(({ severity }) => severity)).toEqual(['warning'])
    expect(problems[0]?.message).toMatch(told)
  })
})
