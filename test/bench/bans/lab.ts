import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Network, type Machine } from '../../lab/namespace.ts'

/** How a measurement is made. */
export interface Lab {
  readonly runs: number
  readonly say: (text: string) => void
}

/** A machine of its own: a network namespace, a neighbour on the same network, and a folder. */
export interface Bench {
  readonly machine: Machine
  readonly network: Network
  readonly folder: string
}

/** Lets something run on a machine that is made for it and taken away after it. */
export async function withMachine<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-bans-'))
  try {
    await using network = await Network.open()
    const machine = await network.addMachine('node', [1])
    return await work({ machine, network, folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
