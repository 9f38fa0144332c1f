/** Keys of the terminal while they are listened to. */
export interface Keys extends Disposable {
  /** Resolves when q or Ctrl-C was pressed; never without a terminal. */
  readonly quit: Promise<void>
}

const CTRL_C = '\u0003'

/** Runs an action for each key that has one, as long as standard input is a terminal. */
export function onKeys(actions: Readonly<Record<string, () => void>>): Keys {
  const { promise: quit, resolve } = Promise.withResolvers<void>()
  const { stdin } = process
  if (!stdin.isTTY) return { quit, [Symbol.dispose]: () => {} }
  const listen = (chunk: Buffer): void => {
    for (const key of chunk.toString()) {
      if (key === 'q' || key === CTRL_C) resolve()
      else actions[key]?.()
    }
  }
  stdin.setRawMode(true)
  stdin.on('data', listen)
  return {
    quit,
    [Symbol.dispose]() {
      stdin.off('data', listen)
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}
