import { describe, expect, it } from 'vitest'
import { Tree } from './include.ts'
import { merge } from './merge.ts'
import { filterSettings, jailCommands, openFilter, Refused, type Command } from './stream.ts'

const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n'
const ACTION = '[Definition]\nactionban = ban <ip> <name>\n'

/** The commands of jail j with a filter f and an action a. */
function commandsOf(jail: string, filter = FILTER, local = ''): readonly Command[] {
  const files = {
    'jail.conf': `[j]\n${jail}`,
    'filter.d/f.conf': filter,
    'filter.d/f.local': local,
    'action.d/a.conf': ACTION,
  }
  const tree = new Tree([{ name: 'case', files: new Map(Object.entries(files)) }])
  return jailCommands(tree, merge(tree.filesOf('jail').files), { name: 'j', version: '1.1' })
}

describe("fail2ban's view of a jail", () => {
  it.each<[string, string, Command]>([
    ['switches as booleans', 'ignoreself = yes', ['set', 'ignoreself', true]],
    ['growth as it is written', 'bantime.factor = 2', ['set', 'bantime.factor', '2']],
    ['an empty value over the default', 'bantime =', ['set', 'bantime', '']],
    ['a number that is none', 'maxretry = many', ['set', 'maxretry', null]],
    ['an action named after another jail', 'action = a[name=x]', ['set', 'addaction', 'a-x']],
    ['an action named after a part of the jail', 'action = a[name=j-2]', ['set', 'addaction', 'a-2']],
  ])('has %s', (_, line, command) => {
    expect(commandsOf(`enabled = true\nfilter = f\n${line}\n`)).toContainEqual(command)
  })

  it('has no number of lines that is none', () => {
    const commands = commandsOf('enabled = true\nfilter = f\nmaxlines = many\n')
    expect(commands.map(([, option]) => option)).not.toContain('maxlines')
  })

  it.each([
    ['its filter is no reference', 'filter = f[', "Invalid filter definition 'f['"],
    ['its filter is missing', 'filter = g', "Unable to read the filter 'g'"],
    ['an action is no reference', 'filter = f\naction = a[', "Invalid action definition 'a['"],
  ])('is skipped where %s', (_, line, message) => {
    expect(commandsOf(`enabled = true\n${line}\n`)).toEqual([['config-error', message]])
  })

  it.each([
    ['an option of a disabled jail', 'enabled = false\nbackend = %(nope)s\n', FILTER],
    ['an option of the filter that nobody uses', 'enabled = true\nfilter = f\n', `${FILTER}x = %(nope)s\n`],
    ['a tag of the filter that nobody uses', 'enabled = true\nfilter = f\n', `${FILTER}x = <x>\n`],
    ['an option twice in the filter', 'enabled = true\nfilter = f\n', `${FILTER}x = 1\nx = 2\n`],
    ['an include of the filter', 'enabled = true\nfilter = f\n', `[INCLUDES]\nbefore = %(nope)s\n${FILTER}`],
    ['a quote that stays open', "enabled = true\njournalmatch = _A='x\n", FILTER],
    ['a log of the jail', 'enabled = true\nlogpath = %(nope)s\n', FILTER],
    ['an initial value of the filter', 'enabled = true\nfilter = f\n', `${FILTER}[Init]\nx = %(nope)s\n`],
  ])('ends everything over %s that is not known', (_, jail, filter) => {
    expect(() => commandsOf(jail, filter)).toThrow(Refused)
  })

  it.each([
    ['a default of the filter', `[DEFAULT]\nx = %(nope)s\n${FILTER}`],
    ['what a later section of the filter replaces', `${FILTER}x = %(nope)s\n`, '[Definition]\nx = 1\n'],
  ])('is not disturbed by %s that is not known', (_, filter, more = '') => {
    expect(commandsOf('enabled = true\nfilter = f\n', filter, more)).toContainEqual(['start'])
  })
})

describe("fail2ban's view of a filter", () => {
  it('is refused where a tag stands for what is not known', () => {
    const text = '[Definition]\nfailregex = ^<x> <HOST>$\nx = %(nope)s\n'
    const tree = new Tree([{ name: 'case', files: new Map([['filter.d/g.conf', text]]) }])
    expect(() => filterSettings(openFilter(tree, 'g', {}))).toThrow(Refused)
  })
})
