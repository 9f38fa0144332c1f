import { boundText, EVIDENCE_LIMIT } from '../line/bound.ts'
import type { Captures } from '../regex/captures.ts'
import type { EpochMs } from '../time/epoch.ts'
import { namesSomebody, type Finding } from './finding.ts'
import type { BufferHit } from './line-buffer.ts'

/** What the lines of one connection have told so far. */
interface Story {
  readonly captures: Map<string, string>
  readonly users: Set<string>
  /** The lines of the last report, or of failures that wait for one. */
  lines: string[]
  /** Lines that were no failure; they come with the next one. */
  quietLines: string[]
  /** A failure was told and waits for a line that names somebody. */
  isPending: boolean
  /** When its first line came in. */
  readonly since: EpochMs
}

/** Most stories that are followed; beyond that the oldest is given up. */
const MOST_STORIES = 100
/** How long a story is followed after its first line. */
const LASTS = 300_000
/** Most user names of a story: for a decision only whether there is more than one matters. */
const MOST_USERS = 20
/** Most lines of a story that wait for a report. */
const MOST_LINES = 50
/** What a line says of itself and not of its story. */
const QUIET = ['nofail', 'mlfgained']

const says = (captures: Captures, name: string): boolean => (captures.get(name) ?? '') !== ''
const isQuiet = (captures: Captures): boolean => QUIET.some((name) => says(captures, name))

const bounded = (lines: readonly string[]): string[] =>
  lines.slice(0, MOST_LINES).map((line) => boundText(line, EVIDENCE_LIMIT))

/**
 * Lines that carry the same connection id (`<F-MLFID>`) tell one story: one says who connects, another that the
 * login failed. A failure is reported as soon as both are known.
 */
export class Stories {
  /** In order of the first line, so the first one is the oldest. */
  readonly #stories = new Map<string, Story>()

  /** Goes on with the story `id` by what was found in its newest line; what that adds up to. */
  tell(id: string, hit: BufferHit, now: EpochMs): Finding | null {
    const known = this.#known(id, now)
    const isForgotten = says(hit.captures, 'mlfforget')
    const story = known ?? begin(now)
    if (known !== undefined) resume(known, hit.captures)
    for (const [name, value] of hit.captures) if (name !== 'mlfforget') story.captures.set(name, value)
    // A line that is a story of its own, ended by itself, has no users to tell apart.
    if (known !== undefined || !isForgotten) addUser(story, hit.captures)
    if (isForgotten) this.#stories.delete(id)
    else if (known === undefined) this.#keep(id, story)
    return judge(story, hit, isForgotten)
  }

  #known(id: string, now: EpochMs): Story | undefined {
    const known = this.#stories.get(id)
    if (known === undefined || now - known.since < LASTS) return known
    this.#stories.delete(id)
    return undefined
  }

  #keep(id: string, story: Story): void {
    const [oldest] = this.#stories.keys()
    if (this.#stories.size >= MOST_STORIES && oldest !== undefined) this.#stories.delete(oldest)
    this.#stories.set(id, story)
  }
}

const begin = (now: EpochMs): Story => ({
  ...{ captures: new Map(), users: new Set(), lines: [], quietLines: [] },
  ...{ isPending: false, since: now },
})

/** Takes back what holds for the last line alone. Access gained clears a failure that waits for somebody to be named. */
function resume(story: Story, captures: Captures): void {
  const wasQuiet = isQuiet(story.captures)
  for (const name of QUIET) story.captures.delete(name)
  if (says(captures, 'mlfgained')) story.isPending = false
  if (!wasQuiet && !story.isPending) story.lines = []
}

function addUser(story: Story, captures: Captures): void {
  const user = captures.get('user') ?? ''
  if (user !== '' && story.users.size < MOST_USERS) story.users.add(boundText(user, EVIDENCE_LIMIT))
}

/**
 * What the newest line makes. One that says itself that it is no failure (`<F-NOFAIL>`, `<F-MLFGAINED>`) is one only
 * for an earlier failure that waits for somebody to be named, or when more than one user was tried.
 */
function judge(story: Story, hit: BufferHit, isForgotten: boolean): Finding | null {
  if (story.isPending || story.users.size > 1) {
    for (const name of QUIET) story.captures.delete(name)
    story.isPending = false
  }
  if (isQuiet(story.captures)) {
    if (!isForgotten) story.quietLines = bounded([...story.quietLines, ...hit.lines])
    return null
  }
  story.lines = bounded([...story.quietLines, ...story.lines, ...hit.lines])
  story.quietLines = []
  const { captures, users, lines } = story
  story.isPending = !namesSomebody(captures)
  return story.isPending ? null : { index: hit.index, captures: new Map(captures), users, lines }
}
