import { formatDuration, type EpochMs } from '@warder/core'
import { CLOSE, type Down } from '@warder/protocol'

/**
 * Where the link stands.
 *
 *   connecting ─► greeting ─► streaming
 *       ▲            │            │
 *       └─ waiting ◄─┴────────────┤ closed
 *                    └────────────┴─► stopped (refused, removed, replaced)
 */
export type LinkState =
  | { readonly kind: 'unset' }
  | { readonly kind: 'connecting'; readonly server: string }
  | { readonly kind: 'greeting'; readonly server: string }
  | { readonly kind: 'streaming'; readonly server: string; readonly since: EpochMs }
  | { readonly kind: 'waiting'; readonly server: string; readonly until: EpochMs; readonly reason: string }
  | { readonly kind: 'stopped'; readonly server: string; readonly reason: string }

/** What is to be done after the link has ended. */
export type After =
  /** Dial again after a delay; `slowly`: this will hardly heal soon. */
  | { readonly kind: 'dial'; readonly slowly: boolean; readonly reason: string }
  | { readonly kind: 'stop'; readonly reason: string }

type Refused = Extract<Down, { kind: 'refused' }>

/** How a connection ended: the code that it was closed with, the refusal before it, or what we found wrong. */
export interface Ending {
  readonly code: number
  readonly refused: Refused | null
  /** An error of the network, or our own objection. */
  readonly reason: string | null
  /** Our objection will stand until an operator does something. */
  readonly isFinal: boolean
}

/** What to do after a connection ended. */
export function afterEnd({ code, refused, reason, isFinal }: Ending): After {
  if (isFinal && reason !== null) return { kind: 'stop', reason }
  if (refused && refused.code !== 'version-unserved') return { kind: 'stop', reason: refused.message }
  switch (code) {
    case CLOSE.refused:
      return { kind: 'stop', reason: refused?.message ?? 'the server refused this node' }
    case CLOSE.revoked:
      return { kind: 'stop', reason: refused?.message ?? 'an operator removed this node from the server' }
    case CLOSE.replaced:
      return { kind: 'stop', reason: 'another agent with the same identity took over the link' }
    case CLOSE.version:
      return {
        kind: 'dial',
        slowly: true,
        reason: refused?.message ?? 'the server does not serve this version of the link',
      }
    case CLOSE.protocol:
      return { kind: 'dial', slowly: true, reason: reason ?? 'the server did not understand a message' }
    default:
      return { kind: 'dial', slowly: false, reason: reason ?? `the connection was closed (code ${code})` }
  }
}

/** The link in one sentence, for the operator. */
export function describeLink(state: LinkState, now: EpochMs): string {
  switch (state.kind) {
    case 'unset':
      return 'no server is configured; this node works alone'
    case 'connecting':
      return `connecting to ${state.server}`
    case 'greeting':
      return `greeting ${state.server}`
    case 'streaming':
      return `connected to ${state.server} for ${inWords(now - state.since)}`
    case 'waiting':
      return `not connected to ${state.server}: ${state.reason}; next try in ${inWords(state.until - now)}`
    case 'stopped':
      return `stopped: ${state.reason}`
  }
}

const inWords = (ms: number): string => formatDuration(Math.max(0, Math.round(ms / 1_000)))

/** The address that agents dial: a web address is taken for its WebSocket. */
export function linkUrl(server: string, path: string): URL {
  const url = new URL(server.replace(/^http/i, 'ws'))
  // A proxy may show the server below a path of its own.
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
  url.search = ''
  url.hash = ''
  return url
}

/** Whether events reach the server now, in words too; null: there is no server. */
export const standingOfLink = (
  link: { readonly state: LinkState } | null,
): { readonly isUp: boolean; readonly words: string } | null =>
  link === null
    ? null
    : {
        isUp: link.state.kind === 'streaming',
        words: 'reason' in link.state ? link.state.reason : `the link is ${link.state.kind}`,
      }
