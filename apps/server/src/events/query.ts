import { parseTarget } from '@warder/core'
import { AppError } from '@warder/protocol'

/** Most kinds that one query may join. */
const KINDS = 20

/** `kind` of a query → the kinds that it joins. @throws AppError input.invalid */
export const kindsOf = (text: string | undefined): readonly string[] => {
  const kinds = (text ?? '')
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== '')
  if (kinds.length > KINDS) throw new AppError('input.invalid', `kind: at most ${KINDS} kinds.`)
  return kinds
}

/** An `ip` of a query → its canonical spelling. @throws AppError ip.invalid */
export const ipOf = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const ip = parseTarget(text.trim())
  if (ip === null) throw new AppError('ip.invalid', `"${text}" is neither an address nor a subnet.`)
  return ip
}
