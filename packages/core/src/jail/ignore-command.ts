import type { Failure } from '../failure/failure.ts'
import { readAddress } from '../ip/address.ts'
import type { EpochMs } from '../time/epoch.ts'

/** An ignorecommand as a program and its arguments, with tags such as `<ip>` still in them. */
export type IgnoreCommand = readonly string[]

/** How long answers are kept: fail2ban's `ignorecache`. */
export interface IgnoreCacheDefinition {
  /** What tells failures apart, with tags. */
  readonly key: string
  readonly maxCount: number
  /** In seconds. */
  readonly maxTime: number
}

const TAG = /<([A-Za-z][A-Za-z0-9_-]*)>/g

/** Tags that can be filled in; of what a filter captures, the user only. */
const VALUES: Readonly<Record<string, (failure: Failure) => string>> = {
  ip: ({ ip }) => ip,
  fid: ({ ip }) => ip,
  'F-ID': ({ ip }) => ip,
  'F-USER': ({ user }) => user ?? '',
  family: ({ ip }) => (readAddress(ip)?.family === 6 ? 'inet6' : 'inet4'),
  time: ({ at }) => `${at / 1000}`,
  failures: () => '1',
}

/** The tags of a text that cannot be filled in. */
export const unknownTags = (text: string): readonly string[] =>
  [...text.matchAll(TAG)].flatMap(([tag, name = '']) => (Object.hasOwn(VALUES, name) ? [] : [tag]))

/** Tags are replaced once: what stands in a value is not looked at again. */
const fill = (text: string, failure: Failure): string =>
  text.replace(TAG, (tag, name: string) =>
    Object.hasOwn(VALUES, name) ? (VALUES[name]?.(failure) ?? '') : tag,
  )

/**
 * A command for one failure: a tag is replaced inside its argument, so that text of an attacker never becomes more than
 * (a part of) one argument. Null: it would make an option of one, or hold what no argument can.
 */
export function commandFor(command: IgnoreCommand, failure: Failure): readonly string[] | null {
  const argv = command.map((argument) => fill(argument, failure))
  const isSafe = argv.every(
    (argument, index) =>
      !argument.includes('\0') && (!argument.startsWith('-') || command[index]?.startsWith('-') === true),
  )
  return isSafe ? argv : null
}

/** Answers of an ignorecommand that still count. */
export class IgnoreCache {
  readonly #definition: IgnoreCacheDefinition
  /** In order of coming in, so the first one is the oldest. */
  readonly #answers = new Map<string, { readonly isIgnored: boolean; readonly until: EpochMs }>()

  constructor(definition: IgnoreCacheDefinition) {
    this.#definition = definition
  }

  /** Whether a failure like this one is ignored; null: not known, or no longer. */
  get(failure: Failure, now: EpochMs): boolean | null {
    const answer = this.#answers.get(this.#keyOf(failure))
    return answer === undefined || answer.until <= now ? null : answer.isIgnored
  }

  put(failure: Failure, isIgnored: boolean, now: EpochMs): void {
    const key = this.#keyOf(failure)
    this.#answers.delete(key)
    this.#answers.set(key, { isIgnored, until: now + this.#definition.maxTime * 1000 })
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#definition.maxCount) return
      this.#answers.delete(oldest)
    }
  }

  #keyOf(failure: Failure): string {
    return fill(this.#definition.key, failure)
  }
}
