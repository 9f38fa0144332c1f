/** What is told of the kernel's ruleset. */
export type News =
  /** From now on nothing is missed. */
  | { readonly kind: 'listening' }
  /** Something was missed: anything may have happened. */
  | { readonly kind: 'lost' }
  /** One transaction: the process that made it, and whether it touched our tables. */
  | { readonly kind: 'changed'; readonly process: number; readonly isOurs: boolean }

/** No line is longer. */
const LINE_LIMIT = 64
const CHANGED = /^(\d{1,10}) ([01])$/

/** Reads what LISTENER writes, in whatever pieces → what its complete lines say. */
export class NewsReader {
  #rest = ''

  read(text: string): readonly News[] {
    const lines = (this.#rest + text).split('\n')
    this.#rest = (lines.pop() ?? '').slice(0, LINE_LIMIT)
    return lines.map(newsOf)
  }
}

function newsOf(line: string): News {
  const changed = CHANGED.exec(line)
  if (changed !== null) return { kind: 'changed', process: Number(changed[1]), isOurs: changed[2] === '1' }
  return { kind: line === 'listening' ? 'listening' : 'lost' }
}
