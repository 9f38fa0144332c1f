import type { Captures } from '../regex/expression.ts'
import type { EpochMs } from '../time/epoch.ts'
import { addressOf, toFinding, userOf, type Finding } from './finding.ts'

/** What the lines of one connection have told so far. */
interface Story {
  ip: string | null
  user: string | null
  readonly users: Set<string>
  /** A failure was told and waits for a line that names the address. */
  isPending: boolean
  at: EpochMs
}

/** Most stories that are followed; beyond that the oldest is given up. */
const MOST_STORIES = 100
/** How long a story is followed after its last line. */
const LASTS = 300_000
/** Most user names of a story: only whether there is more than one matters. */
const MOST_USERS = 10

const says = (captures: Captures, name: string): boolean => (captures.get(name) ?? '') !== ''

/**
 * Lines that carry the same connection id (`<F-MLFID>`) tell one story: one says who connects, another that the
 * login failed. A failure is reported as soon as both are known.
 */
export class Stories {
  /** In order of the last line, so the first one is the oldest. */
  readonly #stories = new Map<string, Story>()

  /** Goes on with the story `id`; what its newest line, written at a moment, adds up to. */
  tell(id: string, captures: Captures, at: EpochMs): Finding | null {
    const story = this.#storyOf(id, at)
    story.ip = addressOf(captures) ?? story.ip
    const user = userOf(captures)
    if (user !== null) {
      story.user = user
      if (story.users.size < MOST_USERS) story.users.add(user)
    }
    const isReported = judge(story, captures)
    this.#stories.delete(id)
    if (!says(captures, 'mlfforget')) this.#keep(id, story)
    return isReported && story.ip !== null ? toFinding(story.ip, story.user) : null
  }

  #storyOf(id: string, at: EpochMs): Story {
    const known = this.#stories.get(id)
    if (known === undefined || at - known.at > LASTS) {
      return { ip: null, user: null, users: new Set(), isPending: false, at }
    }
    known.at = at
    return known
  }

  #keep(id: string, story: Story): void {
    this.#stories.set(id, story)
    for (const oldest of this.#stories.keys()) {
      if (this.#stories.size <= MOST_STORIES) return
      this.#stories.delete(oldest)
    }
  }
}

/**
 * Whether the newest line makes a failure. One that says itself that it is none (`<F-NOFAIL>`, `<F-MLFGAINED>`) does
 * so only for an earlier failure that waits for an address, or when more than one user was tried.
 */
function judge(story: Story, captures: Captures): boolean {
  const isGained = says(captures, 'mlfgained')
  if (isGained) story.isPending = false
  const isFailure = isGained || says(captures, 'nofail') ? story.isPending || story.users.size > 1 : true
  if (isFailure && story.ip === null) {
    story.isPending = true
    return false
  }
  if (isFailure) story.isPending = false
  return isFailure
}
