import { JOURNAL, NEVER_NOBODY, type JailDefinition } from '@warder/core'
import { readSamples, shippedFiles, shippedNames } from '@warder/filters'
import { readConfiguration } from '@warder/conf'
import { describe, expect, it } from 'vitest'
import { alternativesOf, type Here } from './author.ts'
import { documentationAddress } from './address.ts'
import { candidatesFor } from './candidates.ts'
import { tryLine } from './trial.ts'

const NOW = Date.UTC(2026, 10, 28, 12)
const IP = '203.0.113.77'
/** A machine where all services of the shipped filters run. */
const HERE: Here = {
  units: new Map(
    ['postfix@-', 'postfix', 'qpsmtpd', 'haproxy'].map((name) => {
      const id = `${name}.service`
      return [id, { id, isThere: true, isActive: true, processes: [{ pid: 7, comm: name }] }]
    }),
  ),
  users: new Set([0, 33, 34]),
}
const { jails } = readConfiguration([{ name: 'shipped', files: shippedFiles() }])
const definitionOf = (name: string): JailDefinition => {
  const found = jails.find((jail) => jail.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

/** The line that the doctor would write; undefined: none. */
function lineFor(definition: JailDefinition, source: string, samples = true): string | undefined {
  const known =
    samples && shippedNames().includes(definition.filter.name) ? readSamples(definition.filter.name) : []
  const trial = { definition, source, never: NEVER_NOBODY, zone: () => 0 }
  const match = source === JOURNAL ? definition.filter.journalmatch : []
  return alternativesOf(match, HERE)
    .writable.flatMap((as) => candidatesFor({ definition, source, samples: known, ip: IP, now: NOW, as }))
    .find(({ asRead }) => tryLine(trial, asRead, NOW).ban?.ip === IP)?.text
}

describe('lines that the doctor writes', () => {
  it.each(shippedNames())('are found for the file of the shipped jail %s', (name) => {
    expect(lineFor(definitionOf(name), '/var/log/x.log')).toContain(IP)
  })

  it.each(shippedNames().filter((name) => definitionOf(name).filter.journalmatch.length > 0))(
    'are found for the journal of %s',
    (name) => {
      expect(lineFor(definitionOf(name), JOURNAL)).toContain(IP)
    },
  )

  it.each([
    ['^bad login of <F-USER>\\S+</F-USER> from <HOST>$', /^bad login of \S+ from 203\.0\.113\.77$/],
    [
      '^(?:warn|error): \\[client <ADDR>(?::\\d+)?\\] (?:user .+?|no user)( not found)?$',
      /client 203\.0\.113\.77/,
    ],
    ['^\\w{3,8} [^,]+, [a-f]{4}-\\d{1,2} ip=<IP4> "(?:GET|POST) /login"', /ip=203\.0\.113\.77 "GET/],
    ['^(?P<a>x)(?P=a) <HOST>', undefined],
    ['^two\\nlines <HOST>', undefined],
    ['^a(?=b)<HOST>', undefined],
  ])('are guessed from %s', (failregex, line) => {
    const base = definitionOf('sshd')
    const filter = { name: 'own', failregex: [failregex], ignoreregex: [], maxlines: 1, journalmatch: [] }
    const written = lineFor({ ...base, filter }, '/var/log/own.log', false)
    if (line === undefined) expect(written).toBeUndefined()
    else expect(written).toMatch(line)
  })
})

describe('the address of a marked line', () => {
  it.each([0, 0.3, 0.999_999, 1])('is one that nobody has, by chance %s', (chance) => {
    expect(documentationAddress(chance, () => false)).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/)
  })
  it('is not one that is taken', () => {
    const first = documentationAddress(0.5, () => false)
    expect(documentationAddress(0.5, (ip) => ip === first)).not.toBe(first)
  })
})
