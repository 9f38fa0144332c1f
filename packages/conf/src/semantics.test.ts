import { expect, it } from 'vitest'
import { Tree } from './include.ts'
import { merge } from './merge.ts'
import { filterSettings, jailCommands, openFilter, type Command } from './stream.ts'

const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n'
const JAIL = '[j]\nenabled = true\nfilter = f\n'

const treeOf = (files: Record<string, string>): Tree =>
  new Tree([{ name: 'case', files: new Map(Object.entries({ 'filter.d/f.conf': FILTER, ...files })) }])

function commandsOf(files: Record<string, string>): readonly Command[] {
  const tree = treeOf(files)
  return jailCommands(tree, merge(tree.filesOf('jail').files), { name: 'j', version: '1.1' })
}

it('semantics of files: all .conf come before all .local, so jail.local beats jail.d/*.conf', () => {
  const files = {
    'jail.conf': `${JAIL}findtime = 1\n`,
    'jail.d/z.conf': '[j]\nfindtime = 2\n',
    'jail.local': '[j]\nfindtime = 3\n',
  }
  expect(commandsOf(files)).toContainEqual(['set', 'findtime', '3'])
})

it("semantics of files: an option of a jail's own section beats a later [DEFAULT]", () => {
  const files = { 'jail.conf': `${JAIL}maxretry = 7\n`, 'jail.local': '[DEFAULT]\nmaxretry = 4\n' }
  expect(commandsOf(files)).toContainEqual(['set', 'maxretry', 7])
})

it("semantics of interpolation: known/ in a jail is the filter's value, and adds to it", () => {
  const files = { 'jail.conf': `${JAIL}failregex = %(known/failregex)s\n  ^worse <HOST>$\n` }
  expect(commandsOf(files)).toContainEqual(['multi-set', 'addfailregex', ['^bad <HOST>$', '^worse <HOST>$']])
})

it('semantics of tags: a mode is a variable, and one that is not known leaves a literal tag', () => {
  const text = '[DEFAULT]\nmode = a\n[Definition]\nmd-a = ^x <HOST>$\nfailregex = <md-<mode>>\n'
  const tree = treeOf({ 'filter.d/g.conf': text })
  expect(filterSettings(openFilter(tree, 'g', {}))['failregex']).toEqual(['^x <HOST>$'])
  expect(filterSettings(openFilter(tree, 'g', { mode: 'zz' }))['failregex']).toEqual(['<md-zz>'])
})

it('semantics of comments: only a ; behind a blank begins one inside a line', () => {
  const files = { 'jail.conf': `${JAIL}ignorecommand = a;b # c ; d\n` }
  expect(commandsOf(files)).toContainEqual(['set', 'ignorecommand', 'a;b # c'])
})
