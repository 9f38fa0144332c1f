import { describe, expect, it } from 'vitest'
import type { FilterDefinition } from '@warder/core'
import { readConfiguration } from './configuration.ts'

interface Case {
  /** Read over the filter. */
  readonly local?: string
  /** Behind `filter = f`. */
  readonly parameters?: string
  readonly jail?: string
  readonly filter: string
  readonly gives: Partial<FilterDefinition>
}

function filterOf({ parameters = '', jail = '', filter, local = '' }: Case): FilterDefinition | undefined {
  const files = {
    'jail.conf': `[j]\nenabled = true\nfilter = f${parameters}\nlogpath = /x\n${jail}`,
    'filter.d/f.conf': filter,
    'filter.d/f.local': local,
  }
  const { jails } = readConfiguration([{ name: 'case', files: new Map(Object.entries(files)) }])
  return jails[0]?.filter
}

const F = 'failregex = ^F <HOST>$'

describe('a setting that both a jail and its filter say', () => {
  it.each<[string, Case]>([
    [
      "is the jail's where the filter has it in [Definition]",
      { filter: `[Definition]\n${F}\nmaxlines = 5\n`, jail: 'maxlines = 2', gives: { maxlines: 2 } },
    ],
    [
      'is both journalmatches where the filter has one in [Init]',
      {
        filter: `[Definition]\n${F}\n[Init]\njournalmatch = _A=1\n`,
        jail: 'journalmatch = _B=2',
        gives: { journalmatch: [[['_A', '1']], [['_B', '2']]] },
      },
    ],
    [
      'is all expressions where the reference has some',
      {
        filter: `[Definition]\n${F}\n`,
        parameters: '[failregex="^P <HOST>$"]',
        jail: 'failregex = ^J <HOST>$',
        gives: { failregex: ['^P <HOST>$', '^J <HOST>$'] },
      },
    ],
    [
      'is what [Init] says of prefregex and maxlines, and what the jail says of datepattern',
      {
        filter: `[Definition]\n${F}\n[Init]\nprefregex = ^I\nmaxlines = 5\ndatepattern = I\n`,
        jail: 'prefregex = ^J\nmaxlines = 2\ndatepattern = J',
        gives: { prefregex: '^I', maxlines: 5, datepattern: 'J' },
      },
    ],
  ])('%s', (_, one) => {
    expect(filterOf(one)).toMatchObject(one.gives)
  })
})

describe('an option of a filter', () => {
  it.each<[string, Case]>([
    [
      'is what [Init] says where [Definition] says otherwise',
      {
        filter: '[Definition]\na = D\nfailregex = ^%(a)s <a> <HOST>$\n[Init]\na = I\n',
        gives: { failregex: ['^I I <HOST>$'] },
      },
    ],
    [
      "is what [Definition] says where the jail asks for the filter's own",
      {
        filter: '[Definition]\na = D\nfailregex = ^%(a)s <HOST>$\n[Init]\na = I\n',
        jail: 'failregex = %(known/failregex)s',
        gives: { failregex: ['^D <HOST>$'] },
      },
    ],
    [
      "is the jail's where that has an option of its name",
      {
        filter: '[Definition]\nmaxretry = 3\nfailregex = ^%(maxretry)s <maxretry> <HOST>$\n',
        jail: 'maxretry = 7',
        gives: { failregex: ['^7 7 <HOST>$'] },
      },
    ],
    [
      'is put in for a tag in capitals too, from a parameter as well',
      {
        filter: '[Definition]\nfailregex = ^<A> <HOST>$\n',
        parameters: '[a=1]',
        gives: { failregex: ['^1 <HOST>$'] },
      },
    ],
    [
      'is reached by its section as the files say it, whatever the parameters are',
      {
        filter: '[Definition]\na = %(b)s\nb = D\nfailregex = ^<Definition/a> <a> <HOST>$\n',
        parameters: '[b=P]',
        gives: { failregex: ['^D P <HOST>$'] },
      },
    ],
    [
      'is a default in <known/x> where no earlier file said it in the section',
      {
        filter: '[DEFAULT]\na = D\n[Definition]\nfailregex = ^<a> <HOST>$\n',
        local: '[Definition]\na = L <known/a>\n',
        gives: { failregex: ['^L D <HOST>$'] },
      },
    ],
    [
      'is the default too for what an earlier file added to',
      {
        filter: '[DEFAULT]\na = D\n[Definition]\nfailregex = ^<a> <HOST>$\na = %(known/a)s F\n',
        local: '[Definition]\na = <known/a> L\n',
        gives: { failregex: ['^D F L <HOST>$'] },
      },
    ],
    [
      'can be a default that the jail adds to',
      {
        filter: `[DEFAULT]\n${F}\n[Definition]\nx =\n`,
        jail: 'failregex = %(known/failregex)s\n  ^J <HOST>$',
        gives: { failregex: ['^F <HOST>$', '^J <HOST>$'] },
      },
    ],
  ])('%s', (_, one) => {
    expect(filterOf(one)).toMatchObject(one.gives)
  })

  it('is none without a [Definition]', () => {
    expect(filterOf({ filter: `[DEFAULT]\n${F}\n`, gives: {} })).toBeUndefined()
  })
})
