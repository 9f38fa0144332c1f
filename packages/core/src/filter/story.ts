import { boundText, EVIDENCE_LIMIT, USER_LIMIT } from '../line/bound.ts'
import type { Captures } from '../regex/captures.ts'
import type { EpochMs } from '../time/epoch.ts'
import { namesSomebody, userOf, type Finding } from './finding.ts'
import type { BufferHit } from './line-buffer.ts'

/** What the lines of one connection have told so far. */
interface Story {
  captures: Map<string, string>
  readonly users: Set<string>
  /** Lines that were not reported yet. */
  lines: string[]
  /** A failure was told and waits for a line that names somebody. */
  isPending: boolean
  /** When its last line came in. */
  cameAt: EpochMs
}

/** Most stories that are followed; beyond that the oldest is given up. */
const MOST_STORIES = 100
/** How long a story is followed after its last line. */
const LASTS = 300_000
/** Most user names of a story: for a decision only whether there is more than one matters. */
const MOST_USERS = 20
/** Most lines of a story that wait for a report. */
const MOST_LINES = 50
/** What a line says of itself is not kept with its story. */
const SIGNALS = ['nofail', 'mlfforget', 'mlfgained']

const says = (captures: Captures, name: string): boolean => (captures.get(name) ?? '') !== ''

/**
 * Lines that carry the same connection id (`<F-MLFID>`) tell one story: one says who connects, another that the
 * login failed. A failure is reported as soon as both are known.
 */
export class Stories {
  /** In order of the last line, so the first one is the oldest. */
  readonly #stories = new Map<string, Story>()

  /** Goes on with the story `id` by what was found in its newest line; what that adds up to. */
  tell(id: string, hit: BufferHit, now: EpochMs): Finding | null {
    const { captures } = hit
    const story = this.#storyOf(id, now)
    for (const [name, value] of captures) if (!SIGNALS.includes(name)) story.captures.set(name, value)
    const user = userOf(captures)
    // Users are told apart within a story; a line that is a story of its own, ended by itself, has nothing to tell.
    const isAlone = story.lines.length === 0 && !this.#stories.has(id) && says(captures, 'mlfforget')
    if (user !== null && !isAlone && story.users.size < MOST_USERS)
      story.users.add(boundText(user, USER_LIMIT))
    for (const line of hit.lines.slice(0, MOST_LINES - story.lines.length))
      story.lines.push(boundText(line, EVIDENCE_LIMIT))
    const isReported = judge(story, captures)
    this.#stories.delete(id)
    if (!says(captures, 'mlfforget')) this.#keep(id, story)
    if (!isReported) return null
    const { lines, users } = story
    story.lines = []
    return { index: hit.index, captures: new Map(story.captures), users, lines }
  }

  #storyOf(id: string, now: EpochMs): Story {
    const known = this.#stories.get(id)
    if (known === undefined || now - known.cameAt > LASTS) {
      return { captures: new Map(), users: new Set(), lines: [], isPending: false, cameAt: now }
    }
    known.cameAt = now
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
 * so only for an earlier failure that waits for somebody to be named, or when more than one user was tried.
 */
function judge(story: Story, captures: Captures): boolean {
  const isGained = says(captures, 'mlfgained')
  if (isGained) story.isPending = false
  const isFailure = isGained || says(captures, 'nofail') ? story.isPending || story.users.size > 1 : true
  if (isFailure && !namesSomebody(story.captures)) {
    story.isPending = true
    return false
  }
  if (isFailure) story.isPending = false
  return isFailure
}
