import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isFolder, quoted } from './lines.ts'
import {
  demandRoot,
  factsIn,
  LOOK,
  whyNotInstall,
  whyNotRemove,
  whyNotUpgrade,
  type HostFacts,
} from './look.ts'

const FINE: HostFacts = {
  uid: 0,
  architecture: 'amd64',
  systemd: true,
  tools: true,
  freeKib: { usr: 1_000_000, tmp: 1_000_000 },
  installed: null,
  takenKib: 0,
  server: null,
  node: null,
}
const OFFERED = { version: '0.2.0', architecture: 'amd64', bytes: 36_000_000 }

describe('a look at a host', () => {
  it('reads what the script prints, whatever stands around it', () => {
    const text =
      'Welcome!\nuid=0\narchitecture=amd64\nsystemd=1\ntools=1\nusr=123\ntmp=45\ninstalled=0.1.0\ntaken=900\nserver=ws://x:8008\nnode=pve1\n'
    expect(factsIn(text)).toEqual({
      ...FINE,
      freeKib: { usr: 123, tmp: 45 },
      installed: '0.1.0',
      takenKib: 900,
      server: 'ws://x:8008',
      node: 'pve1',
    })
    expect(factsIn('nonsense')).toMatchObject({ uid: -1, architecture: '', systemd: false, installed: null })
  })

  it('is a script that this shell can run, and that changes nothing', () => {
    const done = spawnSync('sh', ['-c', LOOK], { encoding: 'utf8' })
    expect(factsIn(done.stdout).uid).toBe(process.getuid?.())
  })

  it.each<[Partial<HostFacts>, string | null, RegExp?]>([
    [{}, null],
    [{ installed: '0.1.0' }, null],
    [{ installed: '0.2.0' }, null],
    [{ installed: '0.10.0' }, 'newer-installed', /version 0\.10\.0, which is newer than 0\.2\.0/],
    [{ tools: false }, 'not-debian'],
    [{ systemd: false }, 'no-systemd'],
    [{ architecture: 'arm64' }, 'architecture', /architecture arm64.*for amd64/],
    [{ architecture: '\u001b[31m' }, 'architecture', /architecture \[31m,/],
    [{ server: 'ws://other:8008' }, 'already-added', /reports to ws:\/\/other:8008 already/],
    [{ freeKib: { usr: 10_000, tmp: 1_000_000 } }, 'disk-full', /10 MB free for programs.*needs \d+ MB/],
    [{ freeKib: { usr: 1_000_000, tmp: 10_000 } }, 'disk-full', /10 MB free in \/var\/tmp/],
    [{ installed: '0.1.0', takenKib: 600_000 }, 'disk-full', /\/var\/tmp/],
  ])('may install with %j: %s', (some, code, words = /./) => {
    const why = whyNotInstall({ ...FINE, ...some }, OFFERED)
    expect(why?.code ?? null).toBe(code)
    if (why !== null) expect(why.message).toMatch(words)
  })

  it.each<[Partial<HostFacts>, string | null]>([
    [{ installed: '0.1.0', node: 'pve1', server: 'ws://x:8008' }, null],
    [{ installed: '0.1.0' }, null],
    [{ installed: '0.1.0', node: 'pve2' }, 'not-this-node'],
    [{}, 'not-installed'],
    [{ installed: '0.2.0', node: 'pve1' }, 'up-to-date'],
    [{ installed: '0.3.0', node: 'pve1' }, 'newer-installed'],
  ])('may upgrade pve1 with %j: %s', (some, code) => {
    expect(whyNotUpgrade({ ...FINE, ...some }, OFFERED, 'pve1')?.code ?? null).toBe(code)
  })

  it.each<[Partial<HostFacts>, string | null]>([
    [{ installed: '0.1.0', node: 'pve1' }, null],
    [{ installed: '0.1.0', node: 'pve2' }, 'not-this-node'],
    [{}, 'not-installed'],
    [{ tools: false }, 'not-debian'],
  ])('may remove pve1 with %j: %s', (some, code) => {
    expect(whyNotRemove({ ...FINE, ...some }, 'pve1')?.code ?? null).toBe(code)
  })

  it.each([
    [0, '', null],
    [1_000, '', 'sudo-denied'],
    [-1, 'sh: 1: sudo: not found', 'sudo-missing'],
    [-1, 'env: ‘sudo’: No such file or directory', 'sudo-missing'],
    [-1, 'bob is not in the sudoers file.', 'sudo-denied'],
    [-1, 'Sorry, try again.\nsudo: no password was provided', 'sudo-password'],
    [-1, 'This account is currently not available.', 'sudo-denied'],
  ])('as uid %i with %j: %s', (uid, output, code) => {
    const look = (): void => demandRoot({ ...FINE, uid }, output)
    if (code === null) expect(look).not.toThrow()
    else expect(look).toThrow(expect.objectContaining({ code }))
  })

  it.each(["it's", '$(reboot)', '; rm -rf /', '`id`', 'a b', ''])('%j reaches a command as it is', (word) => {
    const done = spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })
    expect(done.stdout).toBe(word)
  })

  it.each([
    ['/var/tmp/warder-deploy-aB3', true],
    ['/var/tmp/warder-deploy-', false],
    ['/var/tmp/warder-deploy-x/..', false],
    ['/', false],
  ])('takes %s for its own folder: %s', (folder, own) => expect(isFolder(folder)).toBe(own))
})
