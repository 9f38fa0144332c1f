import { parseTarget } from '@warder/core'
import { AppError } from '@warder/protocol'

/** Text → canonical target. @throws AppError ip.invalid */
export function targetOf(text: string): string {
  const target = parseTarget(text.trim())
  if (target === null) throw new AppError('ip.invalid', `"${text}" is neither an address nor a subnet.`)
  return target
}
