import { contains, isSubnet, parseTarget } from '@warder/core'
import { n, t } from '../language/t.ts'

export type TargetInput =
  | { readonly ok: true; readonly target: string; readonly words: string }
  | { readonly ok: false; readonly words: string }

/** What somebody typed as an address or subnet → its canonical form and what it covers, or what is wrong with it. */
export function readTarget(text: string): TargetInput {
  const wanted = text.trim()
  if (wanted === '')
    return { ok: false, words: t('Write an address or a subnet, like 192.0.2.10 or 192.0.2.0/24.') }
  const target = parseTarget(wanted)
  if (target === null) {
    return {
      ok: false,
      words: t(
        'That is neither an address nor a subnet. Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
      ),
    }
  }
  return { ok: true, target, words: coverage(target) }
}

/** Whether shutting out `target` would shut out `address` too. */
export const covers = (target: string, address: string): boolean => contains(target, address)

/** A search text that is an address or subnet in full → its canonical form; else null. */
export const searchedTarget = (text: string): string | null => parseTarget(text.trim())

function coverage(target: string): string {
  if (!isSubnet(target)) return t('One address, {target}', { target })
  const bits = Number(target.slice(target.indexOf('/') + 1))
  const free = (target.includes(':') ? 128 : 32) - bits
  return free <= 32
    ? n(2 ** free, '{target}, {count} address', '{target}, {count} addresses', { target })
    : t('{target}, {size} addresses', { target, size: `2^${free}` })
}
