import type { Attempt, ServiceName, WorldLine } from '../attempt.ts'
import type { WorldNode } from '../world.ts'
import { proxmoxLines } from './proxmox.ts'
import { sshdLines } from './sshd.ts'
import { warderLines } from './warder.ts'

const WRITERS: Readonly<Record<ServiceName, (attempt: Attempt, node: WorldNode) => readonly WorldLine[]>> = {
  sshd: sshdLines,
  proxmox: proxmoxLines,
  warder: warderLines,
}

/** The lines that an attempt leaves in its node's journal. */
export const linesOf = (attempt: Attempt, node: WorldNode): readonly WorldLine[] =>
  WRITERS[attempt.service](attempt, node)
