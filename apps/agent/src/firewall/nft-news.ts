/** One transaction on the ruleset, as `nft monitor` tells of it. */
export interface Generation {
  /** The process that made it. */
  readonly process: number
  /** Whether it may have touched our tables. */
  readonly mayBeOurs: boolean
}

/** A line of a single element is short; what is longer is not read to its end. */
const LINE_LIMIT = 4_096
const END = /^# new generation \d+ by process (\d+)/
/** A line about something in a table: verb, kind, family, table. */
const ABOUT_OURS = /^\S+ \S+ (?:inet|bridge) warder\b/

/**
 * Reads what `nft monitor` prints, in whatever pieces → the transactions that are complete. Some releases of nft do
 * not find words for every element, so a transaction without a line may be ours too.
 */
export class NewsReader {
  #rest = ''
  #lines = 0
  #ours = false

  read(text: string): readonly Generation[] {
    const lines = (this.#rest + text).split('\n')
    this.#rest = (lines.pop() ?? '').slice(0, LINE_LIMIT)
    const generations: Generation[] = []
    for (const line of lines) {
      const end = END.exec(line)
      if (end) {
        generations.push({ process: Number(end[1]), mayBeOurs: this.#ours || this.#lines === 0 })
        this.#lines = 0
        this.#ours = false
      } else if (line !== '') {
        this.#lines++
        // Lost messages are told in a comment: anything may have happened.
        this.#ours ||= ABOUT_OURS.test(line) || line.startsWith('# ERROR')
      }
    }
    return generations
  }
}
