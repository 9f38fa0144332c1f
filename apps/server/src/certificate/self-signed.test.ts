import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { selfSigned } from './self-signed.ts'

const FROM = Date.UTC(2026, 10, 20, 12)
const TO = Date.UTC(2029, 0, 28, 12)

describe('a certificate that signs itself', () => {
  it('is good for its names and addresses, and for nobody else', () => {
    const made = selfSigned({
      names: ['pve1', 'pve1.example', '192.0.2.10', '2001:db8::1'],
      from: FROM,
      to: TO,
    })
    const cert = new X509Certificate(made.cert)
    expect(cert.checkHost('pve1')).toBe('pve1')
    expect(cert.checkHost('pve1.example')).toBe('pve1.example')
    expect(cert.checkHost('pve2')).toBeUndefined()
    expect(cert.checkIP('192.0.2.10')).toBe('192.0.2.10')
    expect(cert.checkIP('2001:db8::1')).toBe('2001:db8::1')
    expect(cert.checkIP('192.0.2.11')).toBeUndefined()
    expect(cert.subject).toBe('CN=pve1')
    expect(cert.ca).toBe(false)
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect([Date.parse(cert.validFrom), Date.parse(cert.validTo)]).toEqual([FROM, TO])
  })

  it('is signed with the key that belongs to it, which TLS takes', () => {
    const made = selfSigned({ names: ['pve1'], from: FROM, to: TO })
    const cert = new X509Certificate(made.cert)
    expect(cert.verify(cert.publicKey)).toBe(true)
    expect(createSecureContext(made)).toBeDefined()
  })

  it('keeps a key that is given, and has another number each time', () => {
    const first = selfSigned({ names: ['pve1'], from: FROM, to: TO })
    const second = selfSigned({ names: ['pve1'], from: FROM, to: TO }, first.key)
    expect(second.key).toBe(first.key)
    const [one, two] = [new X509Certificate(first.cert), new X509Certificate(second.cert)]
    expect(one.publicKey.equals(two.publicKey)).toBe(true)
    expect(one.serialNumber).not.toBe(two.serialNumber)
  })

  it('has a short subject also for a long name', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`
    const cert = new X509Certificate(selfSigned({ names: [long], from: FROM, to: TO }).cert)
    expect(cert.subject).toHaveLength('CN='.length + 64)
    expect(cert.checkHost(long)).toBe(long)
  })
})
