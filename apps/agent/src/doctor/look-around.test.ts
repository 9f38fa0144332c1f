import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { lookAround } from './look-around.ts'

const told = (more: Record<string, string>): string =>
  Object.entries({ Id: 'a.service', LoadState: 'loaded', ActiveState: 'active', MainPID: '0', ...more })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
const asked: (readonly string[])[] = []
/** What systemctl tells, for a machine that has none. */
const looked = async (output: string, code = 0) => {
  asked.length = 0
  const run = async (argv: readonly string[]) => {
    asked.push(argv)
    return { code, output }
  }
  return (await lookAround(['a.service'], run)).units.get('a.service')
}

it('finds the process of a service, and what it is called', async () => {
  const comm = (await readFile('/proc/self/comm', 'utf8')).trim()
  expect(await looked(told({ MainPID: String(process.pid) }))).toEqual({
    ...{ id: 'a.service', isThere: true, isActive: true },
    processes: [{ pid: process.pid, comm }],
  })
  expect(asked[0]?.slice(-2)).toEqual(['--', 'a.service'])
})

it.each([
  ['an alias', told({ Id: 'b.service' }), { id: 'b.service', processes: [] }],
  ['one that is not there', told({ LoadState: 'not-found', ActiveState: 'inactive' }), { isThere: false }],
  ['one that failed', told({ ActiveState: 'failed' }), { isThere: true, isActive: false }],
  ['one that reloads', told({ ActiveState: 'reloading' }), { isActive: true }],
  ['one whose process has ended', told({ MainPID: '4194305' }), { processes: [] }],
  ['one whose group leads elsewhere', told({ ControlGroup: '/../../../proc/self' }), { processes: [] }],
])('tells of %s', async (_, output, wanted) => expect(await looked(output)).toMatchObject(wanted))

it('leaves out what systemd does not tell about', async () => {
  expect(await looked('System has not been booted with systemd as init system', 1)).toBeUndefined()
})

it('asks about services only, and about no more than some', async () => {
  const many = Array.from({ length: 50 }, (_, i) => `a${i}.service`)
  const names: (string | undefined)[] = []
  const here = await lookAround(['--help', 'a.scope', 'a@.service', ...many], async (argv) => {
    names.push(argv.at(-1))
    return { code: 1, output: '' }
  })
  expect(names).toEqual(many.slice(0, 32))
  expect(here.users.has(0)).toBe(true)
})
