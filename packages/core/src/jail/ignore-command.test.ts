import { describe, expect, it } from 'vitest'
import type { Failure } from '../failure/failure.ts'
import { commandFor, IgnoreCache, unknownTags } from './ignore-command.ts'

const FAILURE: Failure = { jail: 'sshd', ip: '2001:db8::1', at: 5_000, user: 'root', line: 'bad root' }

describe('an ignorecommand', () => {
  it.each<[string[], Partial<Failure>, string[] | null]>([
    [['/x', '<ip>'], {}, ['/x', '2001:db8::1']],
    [['/x', '--user=<F-USER>', '<family>', '<time>'], {}, ['/x', '--user=root', 'inet6', '5']],
    [['/x', '<ip-host>', '<F-PORT>'], {}, ['/x', '<ip-host>', '<F-PORT>']],
    [['/x', 'a<F-USER>b'], { user: '; rm -rf / "$(id)" <ip>' }, ['/x', 'a; rm -rf / "$(id)" <ip>b']],
    [['/x', '<F-USER>'], { user: 'two words' }, ['/x', 'two words']],
    [['/x', '<F-USER>'], { user: '--help' }, null],
    [['/x', '-u<F-USER>'], { user: '--help' }, ['/x', '-u--help']],
    [['/x', '<F-USER>'], { user: 'a\0b' }, null],
    [['/x', '<matches>'], {}, ['/x', '<matches>']],
  ])('%j of %j is %j', (command, change, argv) => {
    expect(commandFor(command, { ...FAILURE, ...change })).toEqual(argv)
  })

  it('has nobody where nobody is named', () => {
    const { user: _, ...nobody } = FAILURE
    expect(commandFor(['/x', 'u=<F-USER>'], nobody)).toEqual(['/x', 'u='])
  })

  it('tells what it cannot fill in', () => {
    expect(unknownTags('<ip> <F-USER> <ip-host> <constructor>')).toEqual(['<ip-host>', '<constructor>'])
  })
})

describe('what an ignorecommand said', () => {
  it('is kept for max-time', () => {
    const cache = new IgnoreCache({ key: '<ip>', maxCount: 9, maxTime: 60 })
    cache.put(FAILURE, true, 0)
    expect([59_999, 60_000].map((now) => cache.get(FAILURE, now))).toEqual([true, null])
  })

  it('is kept by its key', () => {
    const cache = new IgnoreCache({ key: '<F-USER>', maxCount: 9, maxTime: 60 })
    cache.put(FAILURE, false, 0)
    expect(cache.get({ ...FAILURE, ip: '192.0.2.1' }, 1)).toBe(false)
    expect(cache.get({ ...FAILURE, user: 'admin' }, 1)).toBeNull()
  })

  it('is kept up to max-count times, the newest', () => {
    const cache = new IgnoreCache({ key: '<ip>', maxCount: 2, maxTime: 60 })
    for (const ip of ['a', 'b', 'a', 'c']) cache.put({ ...FAILURE, ip }, true, 0)
    expect(['a', 'b', 'c'].map((ip) => cache.get({ ...FAILURE, ip }, 1))).toEqual([true, null, true])
  })
})
