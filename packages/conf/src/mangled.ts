/** What a web page's conversion makes of expressions that people copy from it, by what is left of them. */
const TRACES: readonly { readonly trace: RegExp; readonly why: string }[] = [
  {
    trace: /\w\[\[[^\\\]]{0,20}\]\+?\]/,
    why: "'[[' reads as one set of characters that holds a '[': its backslashes and dashes were lost in copying; write \\[[0-9]+\\] or \\[\\d+\\]",
  },
  {
    trace: /fail2ban\\?\.actions.*\\\](?:Unban|Ban)\b/,
    why: "a blank was lost in copying between '\\]' and the word behind it: fail2ban's log has one there, write \\]\\s+Unban",
  },
  {
    trace: /&(?:lt|gt|amp|quot);/,
    why: 'it holds HTML (&lt; or the like) in place of the character itself; write < > & or "',
  },
]

/** Why an expression is evidently not what its author wrote, or null. Only what could never find anything is told. */
export function mangledIn(expression: string): string | null {
  return TRACES.find(({ trace }) => trace.test(expression))?.why ?? null
}
