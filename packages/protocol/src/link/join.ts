/**
 * What an operator copies to a node: a one-time code and the fingerprint of the server's key, so that the
 * agent knows on first contact that it talks to the right server. `warder-join.<code>.<fingerprint>`.
 */
export interface Join {
  readonly code: string
  /** First 32 hexadecimal digits of the SHA-256 of the server's raw Ed25519 public key. */
  readonly fingerprint: string
}

const FORM = /^warder-join\.([A-Za-z0-9_-]{16,64})\.([0-9a-f]{32})$/

/** A join text → its parts, or null when it is not one. */
export function parseJoin(text: string): Join | null {
  const found = FORM.exec(text.trim())
  return found ? { code: found[1]!, fingerprint: found[2]! } : null
}

/** The parts of a join text → what the operator copies. */
export const formatJoin = (join: Join): string => `warder-join.${join.code}.${join.fingerprint}`
