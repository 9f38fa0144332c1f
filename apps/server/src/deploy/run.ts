import { Host } from './host.ts'
import { tidy, type Done, type RunParts } from './hands.ts'
import { install } from './install.ts'
import { remove } from './remove.ts'
import { takeBack } from './take-back.ts'
import { upgrade } from './upgrade.ts'

const KINDS = { install, upgrade, remove }

/** Carries a deployment out, from the first word to the last. @throws DeployError after what was done is taken back */
export async function deploy(parts: RunParts): Promise<void> {
  const { wanted, onStep, signIn, clock } = parts
  onStep('connect')
  const host = await Host.open({ ...wanted, signIn }, clock)
  const done: Done = { folder: null, saved: false, installing: false, before: null, enrolled: null }
  const hands = { parts, host, done }
  try {
    await KINDS[wanted.kind](hands)
    // A host that is gone by now has what was wanted all the same.
    await tidy(hands).catch(() => {})
  } catch (err) {
    await takeBack(hands)
    throw err
  } finally {
    host.end()
  }
}
