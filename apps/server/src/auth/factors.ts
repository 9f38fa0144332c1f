import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { TotpOffer } from '@warder/protocol/api'
import { randomBytes } from 'node:crypto'
import type { Transaction } from '../storage/transaction.ts'
import { newClaimCode, tidyClaimCode } from './claim-code.ts'
import type { FactorStore } from './factor-store.ts'
import { digestOf } from './secret.ts'
import { stepOfCode, toBase32, totpUri } from './totp.ts'

/** As long as what RFC 4226 recommends, in bytes. */
const KEY_BYTES = 20
const RECOVERY_CODES = 10
/** Groups of four letters: 79 bits, so that a plain hash of them gives nothing away. */
const RECOVERY_GROUPS = 4

export interface FactorParts {
  readonly clock: Clock
  readonly factors: FactorStore
  readonly transaction: Transaction
}

export type Factors = ReturnType<typeof makeFactors>

const hashOf = (code: string): string => digestOf(tidyClaimCode(code))

/** Second factors: adding, confirming, using, removing. */
export function makeFactors({ clock, factors, transaction }: FactorParts) {
  /** New recovery codes; the earlier ones are void. */
  const renew = (operatorId: number): readonly string[] => {
    const codes = Array.from({ length: RECOVERY_CODES }, () => newClaimCode(RECOVERY_GROUPS))
    transaction(() => factors.setCodes(operatorId, codes.map(hashOf)))
    return codes
  }
  const isOn = (operatorId: number): boolean => factors.of(operatorId).state !== 'none'
  return {
    isOn,
    codesLeft: (operatorId: number): number => factors.codesLeft(operatorId),
    /** Whether a code of the app, or a recovery code, is right. Each works once. */
    isCode(operatorId: number, code: string): boolean {
      const { state, key, lastStep } = factors.of(operatorId)
      if (state === 'none') return false
      if (state === 'on') {
        const step = stepOfCode(key, code, { now: clock.now(), lastStep })
        if (step !== null) return factors.use(operatorId, step)
      }
      return factors.useCode(operatorId, hashOf(code))
    },
    /** A key that becomes the second factor once a code of it was entered. @throws AppError totp.on */
    begin(operatorId: number, name: string): TotpOffer {
      if (isOn(operatorId)) throw new AppError('totp.on')
      const key = randomBytes(KEY_BYTES)
      factors.want(operatorId, key)
      return { secret: toBase32(key), uri: totpUri(key, name) }
    },
    /** Makes the key the second factor; answers recovery codes, or null when the code is wrong. @throws AppError totp.on, totp.off */
    confirm(operatorId: number, code: string): readonly string[] | null {
      if (isOn(operatorId)) throw new AppError('totp.on')
      const key = factors.wanted(operatorId)
      if (key === null) throw new AppError('totp.off')
      const step = stepOfCode(key, code, { now: clock.now(), lastStep: null })
      if (step === null) return null
      return transaction(() => {
        factors.confirm(operatorId, step)
        return renew(operatorId)
      })
    },
    /** @throws AppError totp.off */
    renewCodes(operatorId: number): readonly string[] {
      if (!isOn(operatorId)) throw new AppError('totp.off')
      return renew(operatorId)
    },
    remove: (operatorId: number): void => transaction(() => factors.remove(operatorId)),
  }
}
