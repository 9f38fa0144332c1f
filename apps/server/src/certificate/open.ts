import type { EpochMs } from '@warder/core'
import { writeAtomically } from '@warder/daemon'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { dataFiles } from '../config/paths.ts'
import type { ServerConfig } from '../config/schema.ts'
import { tlsError } from '../start-error.ts'
import { isDue, isOver, judge, type Certificate } from './judge.ts'
import { selfSigned, type KeyPair } from './self-signed.ts'
import { namesOfMachine } from './names.ts'

const DAY_MS = 86_400_000
/** Apple's systems take none that is good for more than 825 days, whoever signed it. */
const GOOD_FOR_MS = 800 * DAY_MS

type Files = { readonly cert: string; readonly key: string }

/** What Proxmox has for its own web interface, the operator's own before the cluster's. Root reads it, and the group www-data. */
const proxmoxFiles = (pveDir: string): readonly Files[] =>
  ['pveproxy-ssl', 'pve-ssl'].map((name) => ({
    cert: join(pveDir, 'local', `${name}.pem`),
    key: join(pveDir, 'local', `${name}.key`),
  }))

/** The certificate of this Proxmox node that may be read and is still good; null: there is none. */
async function nodeCertificate(pveDir: string, now: EpochMs): Promise<Certificate | null> {
  for (const files of proxmoxFiles(pveDir)) {
    const read = await readPair(files).catch(() => null)
    const judged = read === null ? null : judge('node', read)
    if (judged !== null && typeof judged !== 'string' && !isOver(judged, now)) return judged
  }
  return null
}

/**
 * The certificate to serve with: the configured one, else that of this Proxmox node, else one that the server makes
 * for itself and keeps. Null: the configuration says `tls = "off"`.
 * @throws StartError when the configured one cannot be used
 */
export const openCertificate = (config: ServerConfig, now: EpochMs): Promise<Certificate | null> =>
  chosen(config, now, own)

/** What `openCertificate` gave a server that runs, for another process: reads, and makes nothing. */
export const certificateInUse = (config: ServerConfig, now: EpochMs): Promise<Certificate | null> =>
  chosen(config, now, kept)

/** `last`: where neither the operator nor the node has one. */
async function chosen(
  { tls_cert, tls_key, tls, data_dir, pve_dir }: ServerConfig,
  now: EpochMs,
  last: (files: Files, now: EpochMs) => Promise<Certificate | null>,
): Promise<Certificate | null> {
  if (tls_cert !== undefined && tls_key !== undefined) return configured({ cert: tls_cert, key: tls_key })
  if (tls === 'off') return null
  const { certificate, certificateKey } = dataFiles(data_dir)
  return (await nodeCertificate(pve_dir, now)) ?? last({ cert: certificate, key: certificateKey }, now)
}

async function configured(files: Files): Promise<Certificate> {
  let judged: Certificate | string
  try {
    judged = judge('configured', await readPair(files))
  } catch (err) {
    throw tlsError(err)
  }
  if (typeof judged === 'string') throw tlsError(judged)
  return judged
}

/** What the server made for itself earlier; null where that is missing or broken. */
async function kept(files: Files): Promise<Certificate | null> {
  const read = await readPair(files).catch(() => null)
  const judged = read === null ? null : judge('own', read)
  return typeof judged === 'string' ? null : judged
}

async function own(files: Files, now: EpochMs): Promise<Certificate> {
  const before = await kept(files)
  if (before !== null && !isDue(before, hostname(), now)) return before
  const subject = { names: namesOfMachine(), from: now - DAY_MS, to: now + GOOD_FOR_MS }
  // The key stays, so that who pinned it need not do so again.
  const made = selfSigned(subject, before?.key)
  await writeAtomically(files.key, made.key, 0o600)
  await writeAtomically(files.cert, made.cert, 0o644)
  const mine = judge('own', made)
  if (typeof mine === 'string') throw new Error(`the certificate just made cannot be used: ${mine}`)
  return mine
}

async function readPair({ cert, key }: Files): Promise<KeyPair> {
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
}
