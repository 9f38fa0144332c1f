import type { FilterView } from '@warder/protocol/api'
import { createContext } from 'svelte'
import type { Api } from '../../api/client.ts'
import { problemFrom, type Problem } from '../../api/problem.ts'
import type { Draft } from '../../state/draft.svelte.ts'
import { definitionOf, EMPTY_FORM, formOf, sameForm, type FilterForm } from '../../trial/form.ts'
import { linesOf, type TriedLine } from '../../trial/lines.ts'
import { Runner, type Outcome } from '../../trial/runner.ts'
import type { Task } from '../../trial/try.ts'

/** How many lines are taken from a node. */
export const TAKEN_LINES = 200
/** How long a pause in typing is, in ms. */
const PAUSE_MS = 150

/** What is tried, and what came of it. `lines` are those that the outcome is of. */
export interface Trial {
  readonly outcome: Outcome
  readonly lines: readonly TriedLine[]
  /** When it was tried, in ms. */
  readonly at: number
  /** The failregex that take too long on the line that is stuck; empty while they are looked for. */
  readonly guilty: readonly number[]
}

/** Gives the state of the page to its parts. */
export const [getTrying, setTrying] = createContext<Trying>()

/** A filter and lines that are being tried. */
export class Trying implements Disposable {
  readonly draft: Draft
  filters = $state.raw<readonly FilterView[]>([])
  filtersProblem = $state.raw<Problem | null>(null)
  taking = $state(false)
  takingProblem = $state.raw<Problem | null>(null)
  trial = $state.raw<Trial | null>(null)
  /** Whether the form is not any more what the picked filter says. */
  readonly changed = $derived.by(() => {
    const { picked, form } = this.draft
    return picked !== null && !sameForm(form, formOf(picked))
  })
  readonly #pasted = $derived.by(() => linesOf(this.draft.pasted))
  readonly #from = $derived.by(() => (this.draft.from === 'paste' ? this.#pasted : this.draft.taken))
  readonly lines = $derived<readonly TriedLine[]>(this.#from?.lines ?? [])
  /** Whether there were more lines than these. */
  readonly cut = $derived(this.#from?.cut ?? false)
  readonly #api: Api
  readonly #runner = new Runner()
  #pausing: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  /** Whose filters are known, or asked for. */
  #node: string | null = null

  constructor(api: Api, draft: Draft) {
    this.#api = api
    this.draft = draft
  }

  /** Goes to the filter of a jail on a node, and reads the node's filters where they are not known yet. */
  async show(node: string, jail: string | null): Promise<void> {
    if (node !== this.#node) await this.load(node)
    const wanted = this.filters.find(({ jails }) => jail !== null && jails.includes(jail))
    if (node !== this.#node || wanted === undefined || wanted === this.draft.picked) return
    this.pick(wanted)
  }

  /** Reads the filters of a node. */
  async load(node: string): Promise<void> {
    const asked = ++this.#asked
    this.#node = node
    this.filtersProblem = null
    try {
      const { filters } = await this.#api.filters(node)
      if (asked !== this.#asked) return
      this.filters = filters
      this.#pickAgain()
    } catch (error) {
      if (asked !== this.#asked) return
      this.filters = []
      this.filtersProblem = problemFrom(error)
    }
  }

  /** The same filter as before, as it is on this node; what was typed stays. */
  #pickAgain(): void {
    const { picked } = this.draft
    if (picked === null) return
    const again = this.filters.find(({ jails }) => jails.some((jail) => picked.jails.includes(jail))) ?? null
    if (this.changed) this.draft.picked = again
    else this.pick(again)
  }

  /** Begins with a filter; null: with an empty form. */
  pick(filter: FilterView | null): void {
    this.draft.picked = filter
    this.draft.form = filter === null ? EMPTY_FORM : formOf(filter)
  }

  /** Takes the last lines of a source. */
  async take(wanted: { node: string; source: string; jail: string | null }): Promise<void> {
    this.taking = true
    this.takingProblem = null
    this.draft.from = 'node'
    try {
      const { lines, zone, cut } = await this.#api.lines({ ...wanted, limit: TAKEN_LINES })
      this.draft.taken = { ...wanted, lines, zone, cut, at: Date.now() }
    } catch (error) {
      this.takingProblem = problemFrom(error)
    } finally {
      this.taking = false
    }
  }

  /** Tries the form on the lines, after a pause in typing. */
  trySoon(form: FilterForm, lines: readonly TriedLine[], zone: number | null): void {
    clearTimeout(this.#pausing)
    const definition = definitionOf(form)
    if (definition.failregex.length === 0 && form.prefregex.trim() === '') {
      this.trial = null
      return
    }
    this.#pausing = setTimeout(() => this.#try({ definition, lines, zone, now: Date.now() }), PAUSE_MS)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#pausing)
    this.#runner[Symbol.dispose]()
  }

  #try(task: Task): void {
    this.#runner.run(task, (outcome) => {
      const trial = { outcome, lines: task.lines, at: task.now, guilty: [] }
      this.trial = trial
      if (outcome.kind === 'stuck') void this.#blame(task, trial)
    })
  }

  async #blame(task: Task, trial: Trial): Promise<void> {
    const guilty = await this.#runner.blame({ ...task, lines: task.lines.slice(trial.outcome.tried.length) })
    if (this.trial === trial) this.trial = { ...trial, guilty }
  }
}
