import type { Problem } from '../api/problem.ts'

export interface Toast {
  readonly id: number
  readonly tone: 'done' | 'problem'
  readonly text: string
  readonly detail: string
  readonly action: { readonly label: string; readonly run: () => void } | null
  /** How long it stays, in ms. */
  readonly stays: number
}

/** Most toasts that are shown at a time; the oldest gives way. */
const MOST = 4
const DEFAULT_MS = 6_000

/** Short notes about what was just done, in the corner, announced politely. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([])
  #next = 1

  /** Says that something is done, with an optional way to take it back. */
  done(text: string, more: { detail?: string; action?: Toast['action']; stays?: number } = {}): number {
    return this.#add({
      tone: 'done',
      text,
      detail: more.detail ?? '',
      action: more.action ?? null,
      stays: more.stays ?? DEFAULT_MS,
    })
  }

  /** Says what went wrong and what to do. Stays longer, since it wants to be read. */
  problem(text: string, problem: Problem): number {
    const detail = `${problem.message} ${problem.remedy}`
    return this.#add({ tone: 'problem', text, detail, action: null, stays: 15_000 })
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  /** Runs the newest toast's action, as its button does. False when there is none. */
  takeBack(): boolean {
    const toast = this.list.findLast((one) => one.action !== null)
    if (toast === undefined) return false
    this.run(toast)
    return true
  }

  run(toast: Toast): void {
    this.dismiss(toast.id)
    toast.action?.run()
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++
    this.list = [...this.list, { ...toast, id }].slice(-MOST)
    return id
  }
}
