import type { Clock } from '@warder/daemon'
import { AppError, CARE_SINCE, QUESTIONS_SINCE, type Answer, type Question } from '@warder/protocol'
import { randomUUID } from 'node:crypto'
import type { Roster } from './roster.ts'

/** How long a node may take to answer (ms). */
export const ANSWER_LIMIT_MS = 5_000
/** And where it restarts a service first, or waits for lines on their way through it. */
export const CARE_LIMIT_MS = 30_000

const limitOf = ({ kind }: Question): number =>
  kind === 'harden' || kind === 'doctor' ? CARE_LIMIT_MS : ANSWER_LIMIT_MS

const sinceOf = ({ kind }: Question): number =>
  kind === 'filters' || kind === 'lines' ? QUESTIONS_SINCE : CARE_SINCE

interface Asked {
  readonly nodeId: number
  resolve(answer: Answer): void
  reject(err: AppError): void
}

/** The node that is asked. */
interface Whom {
  readonly id: number
  readonly name: string
}

/** What was asked of nodes on the link and not answered yet. */
export class Questions {
  readonly #clock: Clock
  readonly #roster: Roster
  readonly #asked = new Map<string, Asked>()

  constructor({ clock, roster }: { readonly clock: Clock; readonly roster: Roster }) {
    this.#clock = clock
    this.#roster = roster
  }

  /** Asks a node → its answer. @throws AppError node.away, node.old, node.silent */
  async ask(node: Whom, question: Question): Promise<Answer> {
    const version = this.#roster.versionOf(node.id)
    if (version === null) throw away(node.name)
    if (version < sinceOf(question))
      throw new AppError('node.old', `The agent on ${node.name} is too old to answer this.`)
    const id = randomUUID()
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#asked.set(id, { nodeId: node.id, resolve, reject })
    const limitMs = limitOf(question)
    using _ = this.#clock.after(limitMs, () =>
      reject(new AppError('node.silent', `${node.name} did not answer within ${limitMs / 1_000} s.`)),
    )
    try {
      this.#roster.send(node.id, { kind: 'question', id, question })
      return await promise
    } finally {
      this.#asked.delete(id)
    }
  }

  /** A node's answer; one that nobody waits for any more, or that was asked of another node, is dropped. */
  answered(nodeId: number, id: string, answer: Answer): void {
    const asked = this.#asked.get(id)
    if (asked?.nodeId === nodeId) asked.resolve(answer)
  }

  /** The presence of a node changed: what was asked of one that is away will not be answered. */
  look(node: Whom): void {
    if (this.#roster.versionOf(node.id) !== null) return
    for (const asked of this.#asked.values()) if (asked.nodeId === node.id) asked.reject(away(node.name))
  }
}

const away = (name: string): AppError => new AppError('node.away', `${name} is not connected.`)
