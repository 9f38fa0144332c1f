import type { HardeningView } from '@warder/protocol/api'
import type { Api } from '../../api/client.ts'
import { problemFrom, type Problem } from '../../api/problem.ts'
import type { Toasts } from '../../state/toasts.svelte.ts'
import { t } from '../../language/t.ts'

/** What is in the way comes first. */
const RANK = { found: 0, edited: 1, unread: 2, applied: 3, fine: 4 }

/** The settings of a node that help or hinder, asked of the node itself. */
export class Care {
  /** Null: not told yet. */
  findings = $state.raw<readonly HardeningView[] | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** The finding that is being changed. */
  changing = $state<string | null>(null)
  readonly node: string
  readonly #api: Api
  readonly #toasts: Toasts

  constructor({ api, toasts }: { readonly api: Api; readonly toasts: Toasts }, node: string) {
    this.node = node
    this.#api = api
    this.#toasts = toasts
  }

  async load(): Promise<void> {
    this.findings = null
    this.problem = null
    try {
      this.#take((await this.#api.hardening(this.node)).findings)
    } catch (error) {
      this.problem = problemFrom(error)
    }
  }

  /** Puts a finding right, or takes that back. */
  async change(id: string, action: 'apply' | 'restore'): Promise<void> {
    if (this.changing !== null) return
    this.changing = id
    this.problem = null
    try {
      const { findings } = await this.#api.harden(this.node, id, { action })
      this.#take(findings)
      const about = { of: this.node, title: findings.find((finding) => finding.id === id)?.title ?? id }
      this.#toasts.done(
        action === 'apply' ? t('Put right on {of}: {title}', about) : t('As before on {of}: {title}', about),
      )
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.changing = null
    }
  }

  #take(findings: readonly HardeningView[]): void {
    this.findings = findings.toSorted((one, other) => RANK[one.state] - RANK[other.state])
  }
}
