import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverConfig, type ServerConfig } from '../config/schema.ts'
import { certificateInUse, openCertificate } from './open.ts'
import { selfSigned } from './self-signed.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const DAY = 86_400_000

let folder: string
let config: ServerConfig
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-certificate-'))
  await mkdir(join(folder, 'data'))
  await mkdir(join(folder, 'pve', 'local'), { recursive: true })
  config = serverConfig.parse({
    data_dir: join(folder, 'data'),
    pve_dir: join(folder, 'pve'),
  })
})
afterEach(() => rm(folder, { recursive: true }))

/** Writes what Proxmox would have; answers the certificate. */
async function proxmox(name: 'pve-ssl' | 'pveproxy-ssl', to = NOW + 700 * DAY): Promise<string> {
  const { cert, key } = selfSigned({ names: [`${name}.example`], from: NOW - DAY, to })
  await writeFile(join(folder, 'pve', 'local', `${name}.pem`), cert)
  await writeFile(join(folder, 'pve', 'local', `${name}.key`), key)
  return cert
}

describe('the certificate of a server', () => {
  it('is its own where there is no other, and stays', async () => {
    const made = await openCertificate(config, NOW)
    expect(made).toMatchObject({ source: 'own', fingerprint: expect.stringMatching(/^([0-9A-F]{2}:?){32}$/) })
    expect(await openCertificate(config, NOW + 100 * DAY)).toEqual(made)
    expect((await stat(join(config.data_dir, 'certificate.key'))).mode & 0o777).toBe(0o600)
    const read = new X509Certificate(made?.cert ?? '')
    expect(read.checkHost('localhost')).toBe('localhost')
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1')
  })

  it('of its own is made anew before it ends, with the same key', async () => {
    const first = await openCertificate(config, NOW)
    const second = await openCertificate(config, NOW + 780 * DAY)
    expect(second?.cert).not.toBe(first?.cert)
    expect(second?.key).toBe(first?.key)
    expect(second?.endsAt).toBe(NOW + 1_580 * DAY)
  })

  it.each([
    ['certificate.pem', 'nonsense'],
    ['certificate.key', 'nonsense'],
    ['certificate.key', ''],
  ])('of its own is made anew where %s is %j', async (file, text) => {
    const first = await openCertificate(config, NOW)
    await writeFile(join(config.data_dir, file), text)
    const second = await openCertificate(config, NOW)
    expect(second?.source).toBe('own')
    expect(second?.fingerprint).not.toBe(first?.fingerprint)
  })

  it('is that of the Proxmox node where it may be read: its own before that of the cluster', async () => {
    const cluster = await proxmox('pve-ssl')
    expect(await openCertificate(config, NOW)).toMatchObject({ source: 'node', cert: cluster })
    const own = await proxmox('pveproxy-ssl')
    expect(await openCertificate(config, NOW)).toMatchObject({ source: 'node', cert: own })
  })

  it('is not one that is over, or whose key is another', async () => {
    const cluster = await proxmox('pve-ssl')
    await proxmox('pveproxy-ssl', NOW - 1)
    expect(await openCertificate(config, NOW)).toMatchObject({ source: 'node', cert: cluster })
    await writeFile(
      join(folder, 'pve', 'local', 'pve-ssl.key'),
      selfSigned({ names: ['x'], from: NOW, to: NOW + DAY }).key,
    )
    expect(await openCertificate(config, NOW)).toMatchObject({ source: 'own' })
  })

  it('is the configured one before all others', async () => {
    await proxmox('pve-ssl')
    const { cert, key } = selfSigned({ names: ['warder.example'], from: NOW - DAY, to: NOW + DAY })
    const [tls_cert, tls_key] = [join(folder, 'c.pem'), join(folder, 'c.key')]
    await writeFile(tls_cert, cert)
    await writeFile(tls_key, key)
    const configured = { ...config, tls_cert, tls_key }
    expect(await openCertificate(configured, NOW)).toMatchObject({ source: 'configured', cert })
    await writeFile(tls_key, selfSigned({ names: ['x'], from: NOW, to: NOW + DAY }).key)
    await expect(openCertificate(configured, NOW)).rejects.toThrow('the key belongs to another certificate')
    await rm(tls_key)
    await expect(openCertificate(configured, NOW)).rejects.toThrow(/tls_cert and tls_key: ENOENT.*PEM files/)
  })

  it('is none where TLS is off', async () => {
    await proxmox('pve-ssl')
    expect(await openCertificate({ ...config, tls: 'off' }, NOW)).toBeNull()
  })

  it('is found by another process, which makes none', async () => {
    expect(await certificateInUse(config, NOW)).toBeNull()
    await expect(readFile(join(config.data_dir, 'certificate.pem'))).rejects.toThrow('ENOENT')
    const made = await openCertificate(config, NOW)
    expect(await certificateInUse(config, NOW)).toEqual(made)
    const cert = await proxmox('pve-ssl')
    expect(await certificateInUse(config, NOW)).toMatchObject({ source: 'node', cert })
  })
})
