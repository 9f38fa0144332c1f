import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { connectProblem, factsIn, LOOK, quoted, whyNot, type HostFacts } from './look.ts'

const FINE: HostFacts = {
  uid: 0,
  architecture: 'amd64',
  systemd: true,
  tools: true,
  freeKib: { usr: 1_000_000, tmp: 1_000_000 },
  installed: null,
  server: null,
}
const OFFERED = { architecture: 'amd64', bytes: 36_000_000 }

describe('a look at a host', () => {
  it('reads what the script prints, whatever stands around it', () => {
    const text =
      'Welcome!\nuid=0\narchitecture=amd64\nsystemd=1\ntools=1\nusr=123\ntmp=45\ninstalled=0.1.0\nserver=ws://x:8008\n'
    expect(factsIn(text)).toEqual({
      ...FINE,
      freeKib: { usr: 123, tmp: 45 },
      installed: '0.1.0',
      server: 'ws://x:8008',
    })
    expect(factsIn('nonsense')).toMatchObject({ uid: -1, architecture: '', systemd: false, installed: null })
  })

  it('is a script that this shell can run, and that changes nothing', () => {
    const done = spawnSync('sh', ['-c', LOOK], { encoding: 'utf8' })
    expect(factsIn(done.stdout).uid).toBe(process.getuid?.())
  })

  it.each<[Partial<HostFacts>, RegExp | null]>([
    [{}, null],
    [{ installed: '0.0.1' }, null],
    [{ tools: false }, /only Debian/],
    [{ uid: 1000 }, /did not become root/],
    [{ uid: -1 }, /did not become root/],
    [{ systemd: false }, /systemd/],
    [{ architecture: 'arm64' }, /architecture arm64.*for amd64/],
    [{ architecture: '\u001b[31m' }, /architecture \[31m,/],
    [{ server: 'ws://other:8008' }, /reports to ws:\/\/other:8008 already/],
    [{ freeKib: { usr: 10_000, tmp: 1_000_000 } }, /10 MB free for programs.*needs \d+ MB/],
    [{ freeKib: { usr: 1_000_000, tmp: 10_000 } }, /10 MB free in \/var\/tmp/],
  ])('%j: %s', (some, why) => {
    const said = whyNot({ ...FINE, ...some }, OFFERED)
    if (why === null) expect(said).toBe(null)
    else expect(said).toMatch(why)
  })

  it.each([
    [
      'client-authentication',
      'All configured authentication methods failed',
      /refused the password or the key/,
    ],
    ['handshake', 'Host denied (verification failed)', /another key than the one that was confirmed/],
    [undefined, 'Cannot parse privateKey: Encrypted private OpenSSH key', /private key cannot be read/],
    ['client-socket', 'connect ECONNREFUSED\u0007', /ECONNREFUSED\. Check host/],
  ])('%s, %s', (level, message, sentence) => expect(connectProblem(level, message)).toMatch(sentence))

  it.each(["it's", '$(reboot)', '; rm -rf /', '`id`', 'a b', ''])('%j reaches a command as it is', (word) => {
    const done = spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })
    expect(done.stdout).toBe(word)
  })
})
