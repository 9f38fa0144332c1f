import { describe, expect, it } from 'vitest'
import { compileExpression, isWide } from '../regex/expression.ts'
import { replaceTags } from './tags.ts'

/** What an expression with tags captures in a text, or null. */
function captured(pattern: string, text: string): Record<string, string> | null {
  const compiled = compileExpression(replaceTags(pattern))
  if (!compiled.ok) throw new Error(compiled.problem)
  const found = compiled.expression.find(`${text}\n`, isWide(text))
  return found === null ? null : Object.fromEntries(compiled.expression.captures(found))
}

describe('tags of addresses', () => {
  it.each([
    ['from <HOST>$', 'from 192.0.2.1', { ip4: '192.0.2.1' }],
    ['from <HOST>$', 'from [192.0.2.1]', { ip4: '192.0.2.1' }],
    ['from <HOST>$', 'from 999.1.1.1', { ip4: '999.1.1.1' }],
    ['from <HOST>$', 'from ::ffff:192.0.2.1', { ip4: '192.0.2.1' }],
    ['from <HOST>$', 'from 2001:DB8::1', { ip6: '2001:DB8::1' }],
    ['from <HOST>$', 'from [2001:db8:0:0::1]', { ip6: '2001:db8:0:0::1' }],
    ['from <HOST>$', 'from ::', { ip6: '::' }],
    ['from <HOST>$', 'from host.example.com', { dns: 'host.example.com' }],
    ['from <HOST>$', 'from 1.2.3', { dns: '1.2.3' }],
    ['from <HOST>$', 'from 192.0.2.٣', { ip4: '192.0.2.٣' }],
    ['from <HOST>$', 'from bücher.example', { dns: 'bücher.example' }],
    ['from <HOST>$', 'from 192.0.2.1.', null],
    ['from <HOST>$', 'from fe80::1%eth0', null],
    ['from <HOST>$', 'from -', null],
    ['from <HOST>(?::\\d+)?$', 'from 2001:db8::1234:58430', { ip6: '2001:db8::1234' }],
    ['rhost=<ADDR>(?::\\d+)? user', 'rhost=[::ffff:192.0.2.1]:47414 user', { ip4: '192.0.2.1' }],
    ['from <ADDR>$', 'from host.example', null],
    ['from <IP4>$', 'from ::1', null],
    ['at <IP6>$', 'at ::1', { ip6: '::1' }],
    ['at <IP6>$', 'at [::1]', null],
    ['at <F-IP6/>$', 'at ::1', { ip6: '::1' }],
    ['from <DNS>$', 'from a_b-c.d^e', { dns: 'a_b-c.d^e' }],
    ['from <SUBNET>$', 'from 192.0.2.77/24', { ip4: '192.0.2.77', cidr: '24' }],
    ['from <SUBNET>$', 'from [2001:db8::1/32]', { ip6: '2001:db8::1', cidr: '32' }],
    ['from <SUBNET>$', 'from 192.0.2.77', { ip4: '192.0.2.77' }],
    ['from <IP4>/<CIDR>$', 'from 192.0.2.77/24', { ip4: '192.0.2.77', cidr: '24' }],
  ])('%s in %s', (pattern, text, captures) => {
    expect(captured(pattern, text)).toEqual(captures)
  })
})

describe('tags of captures', () => {
  it.each([
    ['user <F-USER>\\S+</F-USER> from <IP4>', 'user bob from 192.0.2.1', { user: 'bob', ip4: '192.0.2.1' }],
    ['user <F-ID>\\S+</F-ID>$', 'user bob', { fid: 'bob' }],
    ['user <F-ID/>$', 'user bob', { fid: 'bob' }],
    ['port <F-PORT/>$', 'port 22', { fport: '22' }],
    ['as <F-ALT_USER_1>\\w+</F-ALT_USER_1>', 'as eve', { alt_user_1: 'eve' }],
    ['<F-MLFID>\\[\\d+\\]</F-MLFID> <F-NOFAIL>ok</F-NOFAIL>', '[1] ok', { mlfid: '[1]', nofail: 'ok' }],
    ['^<F-CONTENT>.+</F-CONTENT>$', 'all of it', { content: 'all of it' }],
    ['<F-X><F-Y>a</F-Y>b</F-X>', 'ab', { x: 'ab', y: 'a' }],
    ['(?P<plain>a)', 'a', { plain: 'a' }],
  ])('%s in %s', (pattern, text, captures) => {
    expect(captured(pattern, text)).toEqual(captures)
  })

  it.each([
    ['<nosuch> <W> <host>'],
    ['</F-USER> without a beginning'],
    ['<F-USER/> <F-Y from'],
    ['</HOST>'],
    ['a<b>c'],
  ])('leaves alone what is no tag: %s', (text) => {
    expect(replaceTags(text)).toBe(text)
  })

  it('closes only what was opened before', () => {
    expect(replaceTags('</F-A><F-A>x</F-A></F-B>')).toBe('</F-A>(?P<a>x)</F-B>')
  })
})
