import type { Clock } from '@warder/daemon'
import type { FastifyRequest } from 'fastify'
import { requesterOf } from '../auth/guard.ts'
import { addressOf } from '../http/client-address.ts'
import type { AuditStore, Deed } from './store.ts'

/** Writes a deed of a request into the audit; `actor` only where the request itself makes somebody known. */
export type Note = (
  request: FastifyRequest,
  deed: Omit<Deed, 'at' | 'actor' | 'address'> & { actor?: string },
) => void

export const makeNote =
  (audit: AuditStore, clock: Clock): Note =>
  (request, { actor, ...deed }) =>
    audit.add({ at: clock.now(), actor: actor ?? requesterOf(request), address: addressOf(request), ...deed })
