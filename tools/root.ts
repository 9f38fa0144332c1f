import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** A path inside the repository. */
export const inRoot = (...parts: readonly string[]): string => join(ROOT, ...parts)

/** An executable that the installation put in place. */
export const bin = (name: string): string => inRoot('node_modules', '.bin', name)
