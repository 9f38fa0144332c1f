import { isTrue } from './jail-text.ts'
import { quote } from './problem.ts'

/** An option of fail2ban that would change what the jail does, but does not here. */
export interface Unsupported {
  readonly option: string
  readonly message: string
}

const CHECKS: readonly {
  readonly option: string
  readonly matters: (text: string) => boolean
  readonly why: string
}[] = [
  {
    option: 'ignoreself',
    matters: (text) => !isTrue(text),
    why: "has no effect: a node's own addresses are never banned",
  },
  {
    option: 'logencoding',
    matters: (text) => !/^(?:|auto|utf-?8|(?:us-)?ascii)$/i.test(text),
    why: 'is not supported yet: files are read as UTF-8',
  },
  {
    option: 'usedns',
    matters: (text) => /^raw$/i.test(text),
    why: 'counts nobody: a firewall cannot ban a name',
  },
]

/** The options of a jail that are written in a way that would change its behaviour, and are not supported. */
export function unsupported(valueOf: (option: string) => string | undefined): readonly Unsupported[] {
  return CHECKS.flatMap(({ option, matters, why }) => {
    const text = valueOf(option)
    return text !== undefined && matters(text)
      ? [{ option, message: `${option} = ${quote(text)} ${why}` }]
      : []
  })
}
