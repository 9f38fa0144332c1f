import type { ClaimBody, InvitationBody, LoginBody, Scope, SessionView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'

/** Who is at the dashboard. */
export class Session {
  view = $state.raw<SessionView | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** Whether a session came to its end by itself, so that the login can say so. */
  ended = $state(false)
  /** Derived, so that asking again who is signed in does not look like a new sign-in. */
  readonly isIn = $derived(this.view?.state === 'signed-in')
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Whether whoever is signed in may do something. What they may not is not shown. */
  may(scope: Scope): boolean {
    return this.view?.scopes.includes(scope) ?? false
  }

  /** Asks who is signed in. */
  async load(): Promise<void> {
    try {
      this.view = await this.#api.session()
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
    }
  }

  /** Creates the operator; throws an ApiError when refused. */
  async claim(body: ClaimBody): Promise<void> {
    await this.#api.claim(body)
    await this.#enter()
  }

  /** Signs in; throws an ApiError when refused. */
  async signIn(body: LoginBody): Promise<void> {
    await this.#api.signIn(body)
    await this.#enter()
  }

  /** Chooses a password with an invitation; throws an ApiError when refused. A second factor may be asked for after it. */
  async accept(body: InvitationBody): Promise<void> {
    await this.#api.accept(body)
    await this.#enter()
  }

  /** Signs out; throws an ApiError when the server cannot be reached. */
  async signOut(): Promise<void> {
    await this.#api.signOut()
    this.ended = false
    this.#leave()
  }

  /** The server says that the session is over. */
  expire(): void {
    if (!this.isIn) return
    this.ended = true
    this.#leave()
  }

  async #enter(): Promise<void> {
    this.ended = false
    await this.load()
  }

  #leave(): void {
    if (this.view !== null)
      this.view = { ...this.view, state: 'signed-out', operator: null, role: null, scopes: [] }
  }
}
