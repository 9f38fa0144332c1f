import { setFlagsFromString } from 'node:v8'
import { formatProblem, readConfiguration } from '@warder/conf'
import { compileFilter } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { readSamples } from './corpus.ts'
import { shippedFiles, shippedNames } from './shipped.ts'

// V8 compiles an expression with the flag `l` only when its linear engine can run it; the flag has to be let in.
setFlagsFromString('--enable-experimental-regexp-engine')

function isLinear(source: string): boolean {
  try {
    return new RegExp(source, 'l').source !== ''
  } catch {
    return false
  }
}

const uses = shippedNames().flatMap((name) =>
  [...new Set(['', ...readSamples(name).map(({ options }) => options)])].map((options) => ({
    name,
    options,
  })),
)

describe('the expressions of shipped filters run in linear time', () => {
  it.each(uses)('$name $options', ({ name, options }) => {
    const local = new Map([['jail.local', `[${name}]\nfilter = ${name}[${options}]\n`]])
    const { jails, problems } = readConfiguration([
      { name: 'shipped', files: shippedFiles() },
      { name: 'trial', files: local },
    ])
    expect(problems.map(formatProblem)).toEqual([])
    const jail = jails.find((one) => one.name === name)
    const compiled = jail === undefined ? null : compileFilter(jail.filter)
    if (compiled === null || !compiled.ok) throw new Error(`${name} does not compile`)
    const { prefregex, failregex, ignoreregex } = compiled.filter
    const sources = [...(prefregex === null ? [] : [prefregex]), ...failregex, ...ignoreregex].map(
      ({ source }) => source,
    )
    expect(sources.filter((source) => !isLinear(source))).toEqual([])
  })
})
