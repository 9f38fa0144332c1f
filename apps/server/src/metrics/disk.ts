import { statfsSync } from 'node:fs'

/** Free room for this process where a folder lies, in bytes; null where the system does not say. */
export function freeBytesAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
