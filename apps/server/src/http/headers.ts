import fastifyHelmet from '@fastify/helmet'
import type { App } from './app.ts'

/** `secure`: the server speaks https. `strict`: browsers shall never use http for its name again, whatever the port. */
export interface Transport {
  readonly secure: boolean
  readonly strict: boolean
}

/**
 * What a browser may do with our pages: nothing that does not come from here, and nothing inline. Sizes and colours of
 * charts are set by scripts, which are files, property by property.
 */
export async function setSecurityHeaders(app: App, { secure, strict }: Transport): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: strict,
    // Without TLS browsers ignore it and complain.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
}
