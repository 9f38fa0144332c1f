// What a preview by replay takes with a history of so many failures: a real server on a real file, asked over HTTP, while
// the delay of its main thread is measured.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { NodeEvent } from '@warder/core'
import { PATHS } from '@warder/protocol/paths'
import { LabNode } from '../../apps/server/src/lab/agent.ts'
import { NOON, startLab, type Lab } from '../../apps/server/src/lab/server.ts'
import { median } from './measure.ts'
import { makeRandom } from './random.ts'

const DAY_MS = 86_400_000
/** Nodes report in turn, as they do. */
const BATCH = 2_000
const NODES = ['pve1', 'pve2', 'pve3', 'pve4', 'pve5'] as const
const ADDRESSES = 20_000

export interface PreviewPlan {
  readonly failures: number
  readonly runs: number
  readonly say: (text: string) => void
}

export interface PreviewFigures {
  readonly failures: number
  readonly nodes: number
  readonly addresses: number
  readonly preview_s: number
  readonly cpu_s: number
  readonly main_thread_longest_ms: number
  readonly rss_mb: number
}

function failureAt(at: number, ip: string): NodeEvent {
  const line = `Failed password for root from ${ip} port 4000 ssh2`
  return { kind: 'failure.found', jail: 'sshd', ip, failedAt: at, user: 'root', line }
}

/** Failures over seven days, from many addresses of which some come far more often than others. */
function fill(lab: Lab, total: number): void {
  const random = makeRandom(7)
  const each = Math.floor(total / NODES.length)
  for (let from = 0; from < each; from += BATCH) {
    for (const node of NODES) {
      const events = Array.from({ length: Math.min(BATCH, each - from) }, (_, i) => {
        const at = Math.floor(NOON - 7 * DAY_MS + ((from + i + 1) / each) * (7 * DAY_MS - 1_000))
        const host = Math.floor(random.below(1) ** 3 * ADDRESSES)
        const ip = `198.18.${host >> 8}.${host & 255}`
        return { seq: from + i + 1, at, event: failureAt(at, ip) as never }
      })
      lab.server.ingestHistory({ node, cluster: 'lab', enrolledAt: NOON - 8 * DAY_MS, events })
    }
  }
}

/** Measures it; medians of some runs. */
export async function preview({ failures, runs, say }: PreviewPlan): Promise<PreviewFigures> {
  await using lab = await startLab()
  say(`writing ${failures.toLocaleString('en')} failures`)
  fill(lab, failures)
  for (const name of NODES) {
    const node = new LabNode(name)
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
  }
  for (;;) {
    const { body } = await lab.as('GET', PATHS.jails)
    if (body.length === NODES.length) break
  }
  const seconds: number[] = []
  const cpu: number[] = []
  const longest: number[] = []
  for (let run = 0; run < runs; run++) {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const before = process.cpuUsage()
    const began = performance.now()
    const body = { jail: 'sshd', maxretry: 3, findtime: 3_600, bantime: 86_400 }
    const answer = await lab.as('POST', PATHS.tuningPreview, body)
    seconds.push((performance.now() - began) / 1_000)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1e6)
    delay.disable()
    longest.push(delay.max / 1e6)
    if (answer.status !== 200) throw new Error(`the preview was refused: ${JSON.stringify(answer.body)}`)
    if (run === 0) say(`${answer.body.failures} failures counted`)
  }
  return {
    failures,
    nodes: NODES.length,
    addresses: ADDRESSES,
    preview_s: Number(median(seconds).toFixed(2)),
    cpu_s: Number(median(cpu).toFixed(2)),
    main_thread_longest_ms: Number(median(longest).toFixed(1)),
    rss_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
  }
}
