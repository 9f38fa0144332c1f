import { SHADOW_END, shadowQuestion, shadowScript } from './shadow.ts'

type Nft = (args: readonly string[], script?: string) => Promise<string>

/** Tries addresses out in the kernel. There is one set for it, so each waits for the one before. */
export class TryOut {
  readonly #nft: Nft
  #last: Promise<unknown> = Promise.resolve()

  constructor(nft: Nft) {
    this.#nft = nft
  }

  /** @throws where the kernel does not take the address or does not show it */
  run(ip: string): Promise<void> {
    const tried = this.#last.then(() => this.#run(ip))
    this.#last = tried.catch(() => {})
    return tried
  }

  async #run(ip: string): Promise<void> {
    await this.#nft(['-f', '-'], shadowScript(ip))
    try {
      await this.#nft(shadowQuestion(ip))
    } finally {
      await this.#nft(['-f', '-'], SHADOW_END)
    }
  }
}
