import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeHostFiles } from './host-files.ts'
import { fingerprintOf, keysIn, knownName, standing } from './known-hosts.ts'

const KEY = Buffer.from('a key').toString('base64')
const OTHER = Buffer.from('another key').toString('base64')
const PRINT = fingerprintOf(Buffer.from('a key'))
const hashed = (name: string): string => {
  const salt = Buffer.from('salt')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

describe('a file of known hosts', () => {
  it.each([
    [`pve1,192.0.2.1 ssh-ed25519 ${KEY}`, '192.0.2.1', 22, [PRINT]],
    [`PVE1 ssh-ed25519 ${KEY} a comment`, 'pve1', 22, [PRINT]],
    [`[pve1]:2222 ssh-ed25519 ${KEY}`, 'pve1', 2222, [PRINT]],
    [`pve1 ssh-ed25519 ${KEY}`, 'pve1', 2222, []],
    [`${hashed('pve1')} ssh-ed25519 ${KEY}`, 'pve1', 22, [PRINT]],
    [`${hashed('pve2')} ssh-ed25519 ${KEY}`, 'pve1', 22, []],
    [`@revoked pve1 ssh-ed25519 ${KEY}`, 'pve1', 22, []],
    [`# pve1 ssh-ed25519 ${KEY}`, 'pve1', 22, []],
    ['pve1 ssh-ed25519', 'pve1', 22, []],
    ['|1|x pve1', 'pve1', 22, []],
  ])('%s for %s, port %i: %j', (text, host, port, prints) => {
    const found = keysIn(`\n${text}\n`, [knownName(host, port)])
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual(prints)
  })

  it.each([
    [{ algorithm: 'ssh-ed25519', fingerprint: PRINT }, 'same'],
    [{ algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x' }, 'other'],
    [{ algorithm: 'ssh-rsa', fingerprint: 'SHA256:x' }, 'unknown'],
  ])('says of %j: %s', (key, said) => {
    expect(standing(key, [{ algorithm: 'ssh-ed25519', fingerprint: PRINT }])).toBe(said)
  })
})

describe('files of the machine that the server runs on', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'warder-pve-'))
    mkdirSync(join(folder, 'nodes', 'pve2'), { recursive: true })
    writeFileSync(
      join(folder, '.members'),
      '{"nodename":"pve1","version":4,"cluster":{"name":"lab","version":2,"nodes":2,"quorate":1},"nodelist":{"pve2":{"id":2,"online":0,"ip":"192.0.2.12"},"pve1":{"id":1,"online":1,"ip":"192.0.2.11"}}}',
    )
    writeFileSync(join(folder, 'nodes', 'pve2', 'ssh_known_hosts'), `pve2 ssh-ed25519 ${KEY}\n`)
    writeFileSync(join(folder, 'own'), `192.0.2.99 ssh-ed25519 ${OTHER}\n`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const files = () => makeHostFiles(folder, [join(folder, 'own'), join(folder, 'missing')])

  it('name the members of the cluster', async () => {
    expect(await files().members()).toEqual({
      name: 'lab',
      members: [
        { name: 'pve1', address: '192.0.2.11', isOnline: true, isHere: true },
        { name: 'pve2', address: '192.0.2.12', isOnline: false, isHere: false },
      ],
    })
  })

  it.each([
    [
      '{"nodename":"pve1","version":1}',
      { name: null, members: [expect.objectContaining({ name: 'pve1', isHere: true })] },
    ],
    [
      '{"nodename":"a","nodelist":{"../x":{"ip":"192.0.2.1"},"b":{"ip":"$(reboot)","online":1}}}',
      {
        name: null,
        members: [{ name: 'b', address: null, isOnline: true, isHere: false }],
      },
    ],
    ['[]', expect.stringMatching(/is not what Proxmox writes/)],
    ['nonsense', expect.stringMatching(/is not what Proxmox writes/)],
  ])('that say %s', async (text, members) => {
    writeFileSync(join(folder, '.members'), text)
    expect(await files().members()).toEqual(members)
  })

  it('say so where there is no Proxmox', async () => {
    expect(await makeHostFiles(join(folder, 'none'), []).members()).toMatch(
      /does not run on a node of Proxmox/,
    )
  })

  it.each([
    ['192.0.2.12', 'a key', 'same', 'nodes/pve2/ssh_known_hosts'],
    ['192.0.2.12', 'a strange key', 'other', 'nodes/pve2/ssh_known_hosts'],
    ['192.0.2.99', 'another key', 'same', 'own'],
    ['192.0.2.50', 'a key', 'unknown', null],
  ])('know the key of %s: %s is %s', async (host, key, known, file) => {
    const asked = { algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(Buffer.from(key)) }
    const knownFrom = file === null ? null : join(folder, file)
    expect(await files().known({ host, port: 22 }, asked)).toEqual({ known, knownFrom })
  })
})
