import { describe, expect, it } from 'vitest'
import { commandOf, type BanInfo, type Properties } from './command.ts'

const PROPERTIES: Properties = {
  name: 'web',
  port: 443,
  block: 'DENY',
  'block?family=inet6': 'DENY6',
  tool: 'fw <wait>',
  wait: '-w 5',
  chain: 'jail-<name>',
  'set-a': 'A<port>',
  kind: 'a',
  isOn: true,
}

function run(command: string, info: BanInfo = {}, family = ''): unknown {
  const result = commandOf(command, { properties: PROPERTIES, info, family })
  return result.ok ? [result.command, ...result.args] : result.reason
}

describe('the command of an action', () => {
  it.each<[string, string, BanInfo, unknown[]]>([
    ['properties inside each other', '<tool> add <chain>', {}, ['fw -w 5 add jail-web']],
    ['names made of tags', 'x <set-<kind>>', {}, ['x A443']],
    ['switches', 'x <isOn>', {}, ['x True']],
    ['tags that nobody knows', 'x <nothing> <HOST> < y > <<', {}, ['x <nothing> <HOST> < y > <<']],
    ['line feeds and blanks', 'a<br>b<sp>c', {}, ['a\nb c']],
    ['what is known of the ban', 'x <ip> <failures>', { ip: '192.0.2.1', failures: 5 }, ['x 192.0.2.1 5']],
    ['captures that are not there', 'x <F-USER>.', { 'F-*': {} }, ['x .']],
    ['captures under their group', 'x <F-ID> <F-PORT>', { 'F-*': { fid: 'a', fport: '22' } }, ['x a 22']],
  ])('has %s put in', (_, command, info, expected) => {
    expect(run(command, info)).toEqual(expected)
  })

  it('takes the value of the family', () => {
    expect(run('<block>', {}, 'inet4')).toEqual(['DENY'])
    expect(run('<block>', {}, 'inet6')).toEqual(['DENY6'])
  })

  it('never has text in it that means something to a shell', () => {
    const info = { matches: 'a\n$(id)', ip: '192.0.2.1', 'F-*': { user: '`reboot`' } }
    expect(run('mail <matches> <F-USER> <ip>', info)).toEqual([
      'f2bV_matches=$0 f2bV_F_user=$1 \nmail $f2bV_matches $f2bV_F_user 192.0.2.1',
      'a\n$(id)',
      '`reboot`',
    ])
  })

  it('does not look for tags in what is known of the ban', () => {
    expect(run('x <note>', { note: '<name>' })).toEqual(['f2bV_note=$0 \nx $f2bV_note', '<name>'])
  })

  it.each<[string, Properties]>([
    ['<a>', { a: '<b>', b: '<a>' }],
    ['x <y>', { a: 'z <a>', y: '1' }],
  ])('is refused where tags go round in a circle: %s', (command, properties) => {
    expect(commandOf(command, { properties, info: {}, family: '' }).ok).toBe(false)
  })
})
