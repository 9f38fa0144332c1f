import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** What a process that logs once writes to its standard error. */
function logged(form: 'json' | 'text', level = 'info'): string {
  const module = fileURLToPath(new URL('logger.ts', import.meta.url))
  const script = `import { makeLogger } from ${JSON.stringify(module)}
    const log = makeLogger({ name: 'agent', level: ${JSON.stringify(level)}, form: ${JSON.stringify(form)} }).child({ part: 'link' })
    log.info({ node: 'pve1', token: 'wdr_secret' }, 'connected')`
  const done = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', script],
    { encoding: 'utf8' },
  )
  return done.stderr
}

it('writes lines of JSON for the journal, without secrets', () => {
  const entry = JSON.parse(logged('json')) as Record<string, unknown>
  expect(entry).toMatchObject({
    name: 'agent',
    part: 'link',
    msg: 'connected',
    node: 'pve1',
    token: '[Redacted]',
  })
})

it('writes short text for a person', () => {
  expect(logged('text')).toMatch(
    /^\d\d:\d\d:\d\d info {2}agent:link {2}connected node=pve1 token=\[Redacted\]\n$/,
  )
})

it('is silent below its level', () => {
  expect(logged('json', 'error')).toBe('')
})
