import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { actorOf } from '../auth/principal.ts'
import type { App } from '../http/app.ts'
import { decide, fingerprintOf, KEPT_MS, KEY } from './decide.ts'
import type { KeyStore } from './key-store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose call with which key is being worked on. */
    keyed: { readonly actor: string; readonly key: string } | null
  }
}

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Lets a call that changes something be sent again without being done again, by its Idempotency-Key. */
export function keepAnswers(app: App, { clock, keys }: { clock: Clock; keys: KeyStore }): void {
  app.decorateRequest('keyed', null)
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key']
    if (key === undefined || request.principal === null || !CHANGES.includes(request.method)) return
    if (typeof key !== 'string' || !KEY.test(key))
      throw new AppError('input.invalid', 'Idempotency-Key: must be 1 to 200 visible characters.')
    const actor = actorOf(request.principal)
    const now = clock.now()
    const fingerprint = fingerprintOf(request.method, request.url, request.body)
    const decision = decide(keys.get(actor, key), fingerprint, now)
    if (decision.kind === 'other') throw new AppError('idempotency.conflict')
    if (decision.kind === 'wait') throw new AppError('idempotency.running')
    if (decision.kind === 'work') {
      keys.forget(now - KEPT_MS)
      keys.begin(actor, key, { at: now, fingerprint })
      request.keyed = { actor, key }
      return
    }
    const { status, type, etag, body } = decision.answer
    if (etag !== null) void reply.header('etag', etag)
    void reply.header('idempotency-replayed', 'true')
    if (type !== '') void reply.type(type)
    return reply
      .code(status)
      .serializer((text: string) => text)
      .send(body)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { keyed } = request
    if (keyed === null) return payload
    request.keyed = null
    const isKept = reply.statusCode < 500 && (payload == null || typeof payload === 'string')
    if (!isKept) keys.drop(keyed.actor, keyed.key)
    else
      keys.finish(keyed.actor, keyed.key, {
        status: reply.statusCode,
        type: String(reply.getHeader('content-type') ?? ''),
        etag: reply.hasHeader('etag') ? String(reply.getHeader('etag')) : null,
        body: payload ?? '',
      })
    return payload
  })
}
