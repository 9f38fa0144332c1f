import { describe, expect, it } from 'vitest'
import { HELP, readFlags, type Flags } from './flags.ts'

const DEFAULTS: Flags = {
  host: '127.0.0.1',
  port: 8008,
  nodes: 5,
  seed: 1,
  speed: 1,
  script: 'quiet-day',
  keep: null,
  history: true,
  dev: false,
  help: false,
}

describe('readFlags', () => {
  it.each<[string, readonly string[], Partial<Flags>]>([
    ['nothing', [], {}],
    [
      'numbers',
      ['--port', '0', '--nodes=50', '--seed', '7', '--speed', '0.5'],
      { port: 0, nodes: 50, seed: 7, speed: 0.5 },
    ],
    ['a script', ['--script', 'flood'], { script: 'flood' }],
    ['no past', ['--no-history'], { history: false }],
    ['a folder', ['--keep', '/tmp/x', '--dev', '-h'], { keep: '/tmp/x', dev: true, help: true }],
  ])('reads %s', (_, args, expected) => {
    expect(readFlags(args)).toEqual({ ok: true, flags: { ...DEFAULTS, ...expected } })
  })

  it.each<[readonly string[], RegExp]>([
    [['--nodes', '51'], /--nodes takes a number from 1 to 50, not "51"/],
    [['--port', '8x'], /--port takes a whole number/],
    [['--speed', '0'], /--speed takes a number/],
    [['--script', 'war'], /--script takes one of quiet-day, storm/],
    [['--colour'], /--colour/],
    [['storm'], /storm/],
  ])('refuses %j', (args, problem) => {
    const read = readFlags(args)
    expect(read.ok ? '' : read.problem).toMatch(problem)
  })

  it('is documented, flag by flag', () => {
    for (const name of Object.keys(DEFAULTS).filter((key) => key !== 'history'))
      expect(HELP).toContain(`--${name}`)
    expect(HELP).toContain('--no-history')
  })
})
