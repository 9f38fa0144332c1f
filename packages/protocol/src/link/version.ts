/** The version of the link that this code speaks. Raise it with every change of a message, and keep the fixtures. */
export const LINK_VERSION = 3

/** The oldest version that the server still serves. */
export const LINK_VERSION_MIN = 1

/** Agents that speak this version or a newer one answer questions. */
export const QUESTIONS_SINCE = 2

/** Agents that speak this version or a newer one take settings that are not of a jail. */
export const FLEET_SETTINGS_SINCE = 3
/** Agents that speak this version or a newer one take shared bans, suspensions and sharing policies. */
export const SHARING_SINCE = 3
/** Agents that speak this version or a newer one take lists, orders for many and who is at the dashboard. */
export const LISTS_SINCE = 3

/** With this header an agent says which version it speaks, and so asks a server behind https to vouch for the connection. */
export const VERSION_HEADER = 'warder-link-version'

/** What both ends of a TLS connection derive the same bytes for, and nobody between them can (RFC 5705, RFC 8446 7.5). */
export const CHANNEL_LABEL = 'EXPORTER-warder-link'
export const CHANNEL_LENGTH_BYTES = 32
/** Agents that speak this version or a newer one look at their node's settings and try their jails. */
export const CARE_SINCE = 3

/** The path of the WebSocket that agents dial. */
export const LINK_PATH = '/api/v1/link'

/** Largest frame either side accepts, in bytes; anything larger closes the link. */
export const FRAME_LIMIT_BYTES = 1_048_576

/** Most events in one message. */
export const EVENTS_PER_MESSAGE = 200

/** Close codes, so that both sides know whether to dial again. */
export const CLOSE = {
  /** The other side broke the protocol. Dial again, slowly. */
  protocol: 4400,
  /** Unknown key, wrong signature or code: stop and tell the operator. */
  refused: 4401,
  /** The node was removed by an operator: stop. */
  revoked: 4403,
  /** Another process of the same node took over: stop. */
  replaced: 4409,
  /** The link's version is not served: dial again, slowly. */
  version: 4426,
} as const
