import type { Answer, Question } from '@warder/protocol'
import type { Hardener } from './hardener.ts'
import { askHelper } from './ask-outside.ts'

/** What is needed to answer the server about the node's settings. */
export interface HardenParts {
  readonly hardener: Hardener
  /** Where the helper listens: the agent itself may read, and not write what belongs to others. Null: there is none. */
  readonly socket: string | null
}

type Asked = Extract<Question, { kind: 'hardening' | 'harden' }>

/** Looks, or has one thing changed and looks then. Without a helper the agent tries by itself. */
export async function answerHarden(asked: Asked, { hardener, socket }: HardenParts): Promise<Answer> {
  if (asked.kind === 'harden') {
    const { id, action } = asked
    const outcome =
      (socket === null ? null : await askHelper(socket, { id, action })) ??
      (await (action === 'apply' ? hardener.apply(id) : hardener.restore(id)))
    if (!outcome.ok) return { kind: 'refused', code: 'failed', reason: said(outcome.message, outcome.remedy) }
  }
  return { kind: 'hardening', findings: await hardener.list() }
}

/** The server puts a full stop behind it. */
const said = (message: string, remedy: string): string =>
  `${message.replace(/\.$/, '')}. ${remedy.replace(/\.$/, '')}`.slice(0, 1_000)
