import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import type { Checked } from './findings.ts'

/** What a node is being asked: to read its settings, to have the doctor look, or to change a setting. */
export type Asking = 'settings' | 'doctor' | 'change'

/** So many nodes are asked at the same time. */
const AT_ONCE = 4

const NOTHING: Omit<Checked, 'node'> = { settings: null, doctor: null }

/** What was read of the health of nodes since the page was opened: nothing of it is kept anywhere. */
export class Health {
  readonly checked = new SvelteMap<string, Checked>()
  readonly asking = new SvelteMap<string, Asking>()
  readonly problems = new SvelteMap<string, Problem>()
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Reads the settings of nodes that were not read yet. */
  readSettings(nodes: readonly string[]): Promise<void> {
    const fresh = nodes.filter((node) => !this.checked.has(node) && !this.asking.has(node))
    return this.#each(fresh, 'settings', async (node) => {
      const { findings } = await this.#api.hardening(node)
      this.#keep(node, { settings: findings })
    })
  }

  /** Has the doctor look at nodes, and reads their settings anew: what was put right by hand is seen then. */
  examine(nodes: readonly string[]): Promise<void> {
    const free = nodes.filter((node) => !this.asking.has(node))
    return this.#each(free, 'doctor', async (node) => {
      const [doctor, { findings }] = await Promise.all([
        this.#api.doctor(node, {}),
        this.#api.hardening(node),
      ])
      this.#keep(node, { doctor, settings: findings })
    })
  }

  /** Puts a setting right on nodes, or takes that back. */
  change(nodes: readonly string[], setting: string, action: 'apply' | 'restore'): Promise<void> {
    const free = nodes.filter((node) => !this.asking.has(node))
    return this.#each(free, 'change', async (node) => {
      const { findings } = await this.#api.harden(node, setting, { action })
      this.#keep(node, { settings: findings })
    })
  }

  #keep(node: string, told: Partial<Checked>): void {
    this.checked.set(node, { ...NOTHING, ...this.checked.get(node), ...told, node })
  }

  /** Asks each of the nodes, a few at a time; one that fails says so and hinders no other. */
  async #each(nodes: readonly string[], what: Asking, ask: (node: string) => Promise<void>): Promise<void> {
    for (const node of nodes) this.asking.set(node, what)
    const waiting = [...nodes]
    const next = async (): Promise<void> => {
      for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
        try {
          await ask(node)
          this.problems.delete(node)
        } catch (error) {
          this.problems.set(node, problemFrom(error))
        } finally {
          this.asking.delete(node)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))
  }
}
