import { describe, expect, it } from 'vitest'
import { compileExpression, Expression, isWide } from './expression.ts'

function compiled(pattern: string): Expression {
  const result = compileExpression(pattern)
  if (!result.ok) throw new Error(result.problem)
  return result.expression
}

/** What a pattern finds in a text that, as in fail2ban, is followed by a line feed; null: nothing. */
function found(pattern: string, text: string): string | null {
  const line = `${text}\n`
  return compiled(pattern).find(line, isWide(line))?.[0] ?? null
}

describe('an expression means in V8 what it means in Python', () => {
  it.each([
    // anchors: the text ends with a line feed that $ looks over
    ['^abc$', 'abc', 'abc\n'],
    ['^abc$', 'abcd', null],
    ['^b', 'abc', null],
    ['abc\\Z', 'abc', null],
    ['abc\\s\\Z', 'abc', 'abc\n'],
    ['abc\\s$', 'abc', 'abc\n'],
    ['\\Aabc', 'abc', 'abc'],
    ['a$|b', 'b', 'b'],
    ['c$|b', 'abc', 'b'],
    ['(?m)^abc$', 'abc', 'abc\n'],
    // the dot takes everything but a line feed
    ['a.c', 'a\rc', 'a\rc'],
    ['a.c', 'a\u2028c', 'a\u2028c'],
    ['a.c', 'a\nc', null],
    ['(?s)a.c', 'a\nc', 'a\nc'],
    // categories
    ['a\\sb', 'a\x1cb', 'a\x1cb'],
    ['a\\sb', 'a\u00a0b', 'a\u00a0b'],
    ['a\\sb', 'a\ufeffb', null],
    ['a\\Sb', 'a\ufeffb', 'a\ufeffb'],
    ['\\bx', 'éx', null],
    ['\\bé', 'x é', 'é'],
    ['é\\b', 'é x', 'é'],
    ['é\\B', 'éx', 'é'],
    ['a\\B', 'a é', null],
    ['^\\w+$', 'Jürgen', 'Jürgen\n'],
    ['^\\w+$', 'боб', 'боб\n'],
    ['^\\w+$', 'a-b', null],
    ['^[^\\W\\d]+$', 'ab', 'ab\n'],
    ['^[^\\W\\d]+$', 'a1', null],
    ['^\\d+ ', '42 ', '42 '],
    ['^\\d+ ', '٤٢ ', '٤٢ '],
    ['(?a)^\\d+ ', '٤٢ ', null],
    // pictures are no part of a word
    ['a\\b', 'a\u{1f600}', 'a'],
    ['^\\w+$', 'a\u{1f600}', null],
    ['^\\D+$', 'é٤', null],
    ['\\bfoo\\b', 'a foo b', 'foo'],
    ['\\Bfoo', 'afoo', 'foo'],
    // repeats
    ['^a{b}{2}$', 'a{b}}', 'a{b}}\n'],
    ['^a{}{$', 'a{}{', 'a{}{\n'],
    ['^ab(?#each)*$', 'abb', 'abb\n'],
    ['(?#first)(?i)^AB$', 'ab', 'ab\n'],
    ['^a{,2}b', 'aab', 'aab'],
    ['^a{,2}b', 'aaab', null],
    ['^a{2}b', 'aab', 'aab'],
    ['^a{2,}b', 'aaab', 'aaab'],
    ['^a{1,40}b', `${'a'.repeat(40)}b`, `${'a'.repeat(40)}b`],
    ['^a{1,40}b', `${'a'.repeat(41)}b`, null],
    ['^(?:ab?){20,21}$', 'ab'.repeat(21), `${'ab'.repeat(21)}\n`],
    ['^a{17,}b', `${'a'.repeat(20)}b`, `${'a'.repeat(20)}b`],
    ['a+?', 'aaa', 'a'],
    ['a{2,3}?', 'aaa', 'aa'],
    ['a{17,20}?', 'a'.repeat(20), 'a'.repeat(17)],
    ['^a++ab', 'aaab', null],
    ['^(?>a+)b', 'aab', 'aab'],
    ['^(?>a|ab)c', 'abc', null],
    // what may be there and takes as little as it can
    ['^(?:.*?)?x', 'axbx', 'ax'],
    ['^(?:|ab)?', 'ab', ''],
    ['^(?:\\b.*?)?x', 'axbx', 'ax'],
    ['^(?:\\B.*?)?a', 'aba', 'a'],
    ['^(?:a*)?x', 'aax', 'aax'],
    ['a{', 'a{', 'a{'],
    ['a{x}', 'a{x}', 'a{x}'],
    ['a{}', 'a{}', 'a{}'],
    // classes
    ['[]a]+', 'a]', 'a]'],
    ['[^]a]', ']ab', 'b'],
    ['[a-]+', 'a-', 'a-'],
    ['[\\]\\-x]+', 'x-]', 'x-]'],
    ['[\\b]', '\b', '\b'],
    ['[a-c\\d]+', 'ab12', 'ab12'],
    ['[/$.*]', '$', '$'],
    ['[\u{1f600}-\u{1f610}]', '\u{1f605}', '\u{1f605}'],
    // what takes two units is one character
    ['^.{2}$', '\u{1f600}é', '\u{1f600}é\n'],
    ['^.{3}', '\u{1f600}é', null],
    ['^[^x]\\S$', '\u{1f600}', null],
    ['^[^x]?y', '\u{1f600}y', '\u{1f600}y'],
    ['^\\W{,2}a', '\u{1f600} a', '\u{1f600} a'],
    ['^[^:]{2,}:', '\u{1f600}:', null],
    ['^[^:]+:', '\u{1f600}:', '\u{1f600}:'],
    // escapes
    ['\\x41\\u0042\\U00000043', 'ABC', 'ABC'],
    ['\\101\\060', 'A0', 'A0'],
    ['\\t\\n', '\t', '\t\n'],
    ['\\-\\:\\/\\"\\\'\\<\\>\\,\\=\\;', '-:/"\'<>,=;', '-:/"\'<>,=;'],
    ['a\\.b', 'axb', null],
    // case
    ['(?i)nope', 'NoPe', 'NoPe'],
    ['a((?i)b)c', 'aBc', 'aBc'],
    ['a((?i)b)c', 'aBC', null],
    // a reference to a group of another alternative never matches
    ['(a)x|b\\1', 'b', null],
    // such a group captures nothing, so it has no number
    ['((?i)b)(c)\\1', 'BcC', null],
    ['((?i)b)(c)\\1', 'Bcc', 'Bcc'],
    ['(?i:bad|worse) x', 'WORSE x', 'WORSE x'],
    ['(?i)a(?-i:b)', 'AB', null],
    ['(?i)[a-c]é', 'BÉ', 'BÉ'],
    // the rest
    ['(?x) a b # remark\n c', 'abc', 'abc'],
    ['(?x) a + ', 'aaa', 'aaa'],
    ['a(?#remark)b', 'ab', 'ab'],
    ['a(?=b)', 'ab', 'a'],
    ['a(?!b)', 'ac', 'a'],
    ['(?<=a)b', 'ab', 'b'],
    ['(?<!a)b', 'ab', null],
    ['(a)\\1', 'aa', 'aa'],
    ['(?P<q>["\'])x(?P=q)', '"x"', '"x"'],
    ['(?P<q>["\'])x(?P=q)', '"x\'', null],
    ['(a)\\1?0', 'aa0', 'aa0'],
  ])('%j in %j', (pattern, text, match) => {
    expect(found(pattern, text)).toBe(match)
  })
})

describe('conditionals and references to groups that took no part', () => {
  it.each([
    ["^(')?user(?(1)'|) x", "'user' x", "'user' x"],
    ["^(')?user(?(1)'|) x", 'user x', 'user x'],
    ["^(')?user(?(1)'|) x", "'user x", null],
    ["^(?P<q>')?user(?(q)')$", "'user'", "'user'\n"],
    ["^(?P<q>')?user(?(q)')$", "user'", null],
    ['^(?:(a)|b)(?(1)x|y)', 'ax', 'ax'],
    ['^(?:(a)|b)(?(1)x|y)', 'by', 'by'],
    ['^(?:(a)|b)(?(1)x|y)', 'bx', null],
    ['^(a)??b(?(1)x|y)', 'by', 'by'],
    ['^(?:c(a)|b)(?(1)x|y)z', 'caxz', 'caxz'],
    ['^(?:(a)|b)(?:(c)|d)(?(1)x|y)(?(2)v|w)', 'adxw', 'adxw'],
    ['^(?:(a)|b)(?:(c)|d)(?(1)x|y)(?(2)v|w)', 'bcyv', 'bcyv'],
    ['^(a)(?(1)x|y)', 'ax', 'ax'],
    ['^(?:(a)|b)\\1', 'aa', 'aa'],
    ['^(?:(a)|b)\\1', 'b', null],
    ['^(?:(a)(?(1)x|y))', 'ax', 'ax'],
  ])('%j in %j', (pattern, text, match) => {
    expect(found(pattern, text)).toBe(match)
  })

  it('captures what took part, in whichever variant', () => {
    const expression = compiled('^(?P<who>(?P<quick>\\S+)|.*) from(?(quick):|;)')
    const capturesIn = (text: string): unknown => {
      const match = expression.find(text, false)
      return match === null ? null : Object.fromEntries(expression.captures(match))
    }
    expect(capturesIn('bob from:\n')).toEqual({ who: 'bob', quick: 'bob' })
    expect(capturesIn('bob and eve from;\n')).toEqual({ who: 'bob and eve' })
    expect(capturesIn('bob from;\n')).toEqual({ who: 'bob' })
  })
})

describe('captures', () => {
  it('are named, unset ones absent', () => {
    const expression = compiled('^(?P<a>x)?(?P<b>[^;\\n]*)(?:(?P<c>never))?')
    const match = expression.find('yes\n', false)
    expect(match).not.toBeNull()
    if (match !== null) expect(Object.fromEntries(expression.captures(match))).toEqual({ b: 'yes' })
    expect([...expression.groups].sort()).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['^user (?P<user>[^"]*)$', 'user bob', 'bob\n'],
    ['^user (?P<user>.*)$', 'user bob', 'bob'],
    ['^user(?P<user> ?)?bob', 'userbob', ''],
    ['^user (?P<user>.*(?: x|$))', 'user bob', 'bob'],
  ])('hold the line feed at the end where they take it themselves: %s', (pattern, text, user) => {
    const expression = compiled(pattern)
    const match = expression.find(`${text}\n`, false)
    expect(match === null ? null : expression.captures(match).get('user')).toBe(user)
  })
})

describe('captures in the rounds of a repeat: the last one counts that took part', () => {
  it.each<[string, string, Record<string, string>]>([
    ['^(?: user=(?P<user>\\w+)| ip=(?P<ip>\\S+)| \\S+)*$', ' ip=1 user=bob x', { ip: '1', user: 'bob' }],
    ['^(?: user=(?P<user>\\w+)| \\S+){1,9}$', ' user=a x user=bö y', { user: 'bö' }],
    ['^(?: user=(?P<user>\\w+)| \\S+)+?$', ' user=a x user=bob y', { user: 'bob' }],
    // how far a round goes depends on those behind it
    ['^(?: user=(?P<user>\\S*|"[^"]*")| x)*$', ' user="a b" x', { user: '"a b"' }],
    ['^(?P<a>x(?P<b>y)?)*z', 'xyxz', { a: 'x', b: 'y' }],
    ['^(?:(?P<a>x)|y)*(?:(?P<b>x)|z)*$', 'xyzxz', { a: 'x', b: 'x' }],
    ['^(?:(?P<a>x)|y)*(?P<a2>never)?', '', {}],
    // repeats inside repeats
    ['^(?:(?:(?P<a>a)|(?P<b>b)|x)+,)+$', 'ax,bx,x,', { a: 'a', b: 'b' }],
    ['^(?:(?:(?P<a>\\d),?)+;(?P<b>b)?)+$', '1,2;b3,4;', { a: '4', b: 'b' }],
    ['^(?>(?:(?P<a>a)|b)*)c', 'abbc', { a: 'a' }],
    // what may be there without taking anything
    ['x(?=.*user=(?P<user>\\w+))?', 'x user=bob', { user: 'bob' }],
    ['x(?:(?=.*user=(?P<user>\\w+))|y)?', 'x user=bob', { user: 'bob' }],
  ])('%s in "%s"', (pattern, text, captures) => {
    const expression = compiled(pattern)
    const match = expression.find(`${text}\n`, isWide(text))
    expect(match === null ? null : Object.fromEntries(expression.captures(match))).toEqual(captures)
  })

  it('none counts where there are too many, so that it is never one before the last', () => {
    const line = (rounds: number): string => `x${'y'.repeat(rounds)}xy\n`
    const expression = compiled('^(?:(?P<a>x)|y)*$')
    const captured = (rounds: number): string[] => {
      const match = expression.find(line(rounds), false)
      return match === null ? [] : [...expression.captures(match).keys()]
    }
    expect([captured(90), captured(9_000)]).toEqual([['a'], []])
  })
})

describe('what cannot be used is refused in words', () => {
  it.each([
    ['(', 'a group is not closed'],
    [')', 'unbalanced )'],
    ['[a', 'not closed'],
    ['*a', 'nothing to repeat'],
    ['a**', 'repeat of a repeat'],
    ['a*{2}', 'repeat of a repeat'],
    ['a{2}{3}', 'repeat of a repeat'],
    ['a+(?#twice)*', 'repeat of a repeat'],
    ['(?x)a+ *', 'repeat of a repeat'],
    ['a(?#never', 'a remark is not closed'],
    ['{2}a', 'nothing to repeat'],
    ['(?:{,2})', 'nothing to repeat'],
    ['a|{2}', 'nothing to repeat'],
    ['a+{,2}', 'repeat of a repeat'],
    ['x|{1,}', 'nothing to repeat'],
    ['(a)(?(2)b)', 'no group 2'],
    ['^*a', 'nothing to repeat'],
    ['a$+', 'nothing to repeat'],
    ['\\b{2}a', 'nothing to repeat'],
    ['a{3,2}', 'smaller number last'],
    ['a{2000}', 'beyond 1000'],
    ['a{0,2000}', 'beyond 1000'],
    ['\\', 'lone backslash'],
    ['\\y', 'has no meaning'],
    ['\\c', 'has no meaning'],
    ['[\\B]', 'has no meaning'],
    ['[\\Z]', 'has no meaning'],
    ['[b-a]', 'runs backwards'],
    ['[a-\\d]', 'ends in a category'],
    ['\\U00110000', 'beyond Unicode'],
    ['(?y)a', 'flag y'],
    ['(?L)a', 'flag L'],
    ['(?&a)', 'unknown group'],
    ['(?P=x)', "no group is named 'x'"],
    ['(?(x)a|b)', "no group is named 'x'"],
    ['(a)?(?(1)a|b|c)', 'more than two branches'],
    ['(?P<x>a)|(?P<x>b)', "two groups are named 'x'"],
    ['(?P<a-b>a)', "'a-b' cannot be the name"],
    ['(?P<1a>a)', "'1a' cannot be the name"],
    ['a(?i)b', 'belong at its start'],
    ['(?i)a|(?i)b', 'belong at its start'],
    ['\\1', 'group 1, which does not exist'],
    ['(a\\1)', 'from inside it'],
    ['(?:(a)|b)+(?(1)x|y)', 'inside a repeat'],
    [`${'('.repeat(200)}${')'.repeat(200)}`, 'nested deeper'],
    ['a'.repeat(60_000), 'longer than'],
  ])('%j', (pattern, message) => {
    const result = compileExpression(pattern)
    expect(result.ok ? 'compiled' : result.problem).toContain(message)
  })
})

describe('a text that every match holds', () => {
  it('spares other texts the expression', () => {
    const expression = compiled('^\\s*Failed password for .* from')
    expect(expression.holds('Failed password for root from\n', false)).toBe(true)
    expect(expression.holds('Accepted password for root from\n', false)).toBe(false)
    expect(expression.find('Accepted password for root from\n', false)).toBeNull()
  })
})
