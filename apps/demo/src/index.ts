import { makeLogger } from '@warder/daemon'
import { NODES_LIMIT, SCRIPTS, type ScriptName } from '@warder/simulator'
import { startCluster, type ClusterOptions } from './cluster.ts'
import { OPERATOR } from './operator.ts'

export { OPERATOR, SCRIPTS, NODES_LIMIT, type ScriptName }

/** What a demonstration can be told; all may be left out. */
export type DemoOptions = Partial<Omit<ClusterOptions, 'log'>>

/** A running demonstration, for tests, screenshots and the command line. */
export interface Demo {
  /** Where the dashboard is. */
  readonly url: string
  readonly operator: string
  readonly password: string
  /** Begins a script now. */
  script(name: ScriptName): void
  /** Gives the first node a jail that its agent will pause, once there are lines for it. */
  slowDown(): Promise<void>
  /** Stops everything; a temporary folder is removed. */
  stop(): Promise<void>
}

/**
 * Starts the real server and real agents on a simulated world: five nodes, seed 1, at the pace of real time, on
 * 127.0.0.1:8008, with a month of made-up past, if nothing else is said. Resolves when every node is online.
 * @throws Error whose message is a sentence for the operator
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const cluster = await startCluster({
    host: '127.0.0.1',
    port: 8008,
    nodes: 5,
    seed: 1,
    speed: 1,
    script: 'quiet-day',
    history: true,
    keep: null,
    ...options,
    log: makeLogger({ name: 'demo', level: 'error', form: 'text' }),
  })
  return {
    url: cluster.url,
    operator: OPERATOR.name,
    password: OPERATOR.password,
    script: (name) => cluster.play(name),
    slowDown: () => cluster.slowDown(),
    stop: async () => cluster[Symbol.asyncDispose](),
  }
}
