import { readConfiguration, type Configuration } from '@warder/conf'
import type { JailDefinition, JailOverrides } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { decide, type Decision } from './decide.ts'

const GOOD = String.raw`failregex = ^bad login from <HOST>$`
const configure = (text: string): Configuration =>
  readConfiguration([{ name: 'test', files: new Map([['jail.conf', text]]) }])

const jail = (name: string, more = 'enabled = true') =>
  `[${name}]\n${more.includes('enabled') ? '' : 'enabled = true\n'}logpath = /var/log/${name}.log\n${GOOD}\n${more}\n`

const run = (text: string, overrides: JailOverrides = {}, lastGood: readonly JailDefinition[] = []) =>
  decide({
    configuration: configure(text),
    overrides,
    lastGood: new Map(lastGood.map((each) => [each.name, each])),
  })
const definitions = (text: string) => configure(text).jails
const inShort = (decisions: readonly Decision[]) => decisions.map(({ name, state }) => `${name} ${state}`)

describe('deciding what runs', () => {
  it('runs what is enabled, by the files or by the server', () => {
    const text = jail('a') + jail('b', 'enabled = false') + jail('c', 'enabled = false')
    expect(inShort(run(text, { a: { enabled: false }, b: { enabled: true } }).decisions)).toEqual([
      'a disabled',
      'b running',
      'c disabled',
    ])
  })

  it('lays the wishes of the server over the settings of the files, and keeps both', () => {
    const [decision] = run(jail('a', 'maxretry = 7\nfindtime = 1h'), { a: { maxretry: 3 } }).decisions
    if (decision?.state !== 'running') throw new Error('it should run')
    expect(decision.configured.settings.maxretry).toBe(7)
    expect(decision.jail.definition.settings).toMatchObject({ maxretry: 3, findtime: 3_600 })
  })

  it('ignores wishes for jails that are not there', () => {
    expect(inShort(run(jail('a'), { nginx: { maxretry: 3 } }).decisions)).toEqual(['a running'])
  })

  it('says why a jail cannot run', () => {
    const { decisions, problems } = run(jail('a').replace('bad', '((('))
    const [decision] = decisions
    expect(decision?.state).toBe('failed')
    expect(decision?.reason ?? problems[0]?.message).toBeTruthy()
  })

  it.each([
    ['an expression that does not compile', jail('a').replace('bad', '(((')],
    ['a value that makes no sense', jail('a', 'maxretry = many')],
    ['a filter that is not there', '[a]\nenabled = true\nlogpath = /x\nfilter = nothing\n'],
  ])('lets a jail that ran go on as it was: %s', (_, broken) => {
    const before = definitions(jail('a', 'maxretry = 9'))
    const [decision] = run(broken, { a: { bantime: 60 } }, before).decisions
    if (decision?.state !== 'running') throw new Error('it should go on')
    expect(decision.jail.definition.settings).toMatchObject({ maxretry: 9, bantime: 60 })
    expect(decision.reason).toMatch(/goes on as it was/)
  })

  it('stops a jail whose section is gone, or that is disabled', () => {
    const before = definitions(jail('a'))
    expect(inShort(run('', {}, before).decisions)).toEqual([])
    expect(inShort(run(jail('a', 'enabled = false'), {}, before).decisions)).toEqual(['a disabled'])
    expect(
      inShort(run(jail('a', 'maxretry = many'), { a: { enabled: false } }, before).decisions),
    ).not.toContain('a running')
  })
})
