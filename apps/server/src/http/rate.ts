import fastifyRateLimit from '@fastify/rate-limit'
import { AppError } from '@warder/protocol'
import type { App } from './app.ts'
import { addressOf } from './client-address.ts'
import { whoOf } from './throttle.ts'

/** Limits how many requests an address may send in a minute, whatever they are for. */
export async function limitRates(app: App, perMinute: number): Promise<void> {
  await app.register(fastifyRateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: (request) => whoOf(addressOf(request)),
    errorResponseBuilder: () => new AppError('rate.limited'),
  })
}
