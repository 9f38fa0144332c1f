import { readFile, stat } from 'node:fs/promises'
import { ORDER_LIMIT, parseTarget, readList } from '@warder/core'
import type { ControlRequest } from '@warder/protocol/control'
import { asking } from './asking.ts'
import { EXIT, isOn, type Call, type Exit } from './command.ts'

/** Largest file of addresses, in bytes. */
const FILE_LIMIT_BYTES = 5_242_880
/** How many problems of a file, and how many refusals, are shown one by one. */
const SHOWN = 10

type Many =
  { readonly ok: true; readonly targets: readonly string[] } | { readonly ok: false; readonly exit: Exit }

/**
 * A word that is no address names a file of them (`-`: standard input): words between blanks or commas, `#` and `;`
 * begin a remark. Null: the word is an address, or there is no such file. A file that holds something else is refused whole.
 */
export async function readMany(word: string, call: Call): Promise<Many | null> {
  if (parseTarget(word) !== null) return null
  const isInput = word === '-'
  if (!isInput && !(await stat(word).catch(() => null))?.isFile()) return null
  const text = isInput ? await inputOf() : await readFile(word, 'utf8')
  const name = isInput ? 'standard input' : word
  if (text.length > FILE_LIMIT_BYTES) return fail(call, `${name} is larger than ${FILE_LIMIT_BYTES} bytes.\n`)
  const { targets, bad, misread } = readList(text, 'words')
  if (bad > 0) {
    const shown = misread
      .slice(0, SHOWN)
      .map(({ line, text: said }) => `  line ${line}: ${JSON.stringify(said)}\n`)
    const more = bad > shown.length ? `  and ${bad - shown.length} more\n` : ''
    return fail(
      call,
      `${name} holds what is neither an address nor a subnet; nothing was done:\n${shown.join('')}${more}`,
    )
  }
  if (targets.length === 0) return fail(call, `${name} holds no address; nothing was done.\n`)
  return { ok: true, targets }
}

function fail(call: Call, text: string): Many {
  call.complain(text)
  return { ok: false, exit: EXIT.failed }
}

async function inputOf(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.length > FILE_LIMIT_BYTES) break
  }
  return text
}

/** Sends many in as few requests as they fit in, each carried out in one step, and tells what came of them. */
export async function askingMany(
  call: Call,
  targets: readonly string[],
  requestOf: (ips: readonly string[]) => ControlRequest,
): Promise<Exit> {
  let changed = 0
  const refused: { ip: string; reason: string }[] = []
  for (let from = 0; from < targets.length; from += ORDER_LIMIT) {
    const request = requestOf(targets.slice(from, from + ORDER_LIMIT))
    const exit = await asking(call, request, (answer) => {
      changed += answer.changed ?? 0
      refused.push(...(answer.refused ?? []))
    })
    if (exit !== EXIT.ok) return exit
  }
  if (isOn(call, 'json')) return EXIT.ok
  const verb = requestOf(targets.slice(0, 1)).verb === 'ban-many' ? 'banned' : 'lifted'
  call.print(
    `${targets.length} addresses and subnets: ${changed} bans ${verb === 'banned' ? 'made' : 'lifted'}.\n`,
  )
  for (const { ip, reason } of refused.slice(0, SHOWN)) call.complain(`${ip} was not banned: ${reason}\n`)
  if (refused.length > SHOWN) call.complain(`and ${refused.length - SHOWN} more were not banned\n`)
  return EXIT.ok
}
