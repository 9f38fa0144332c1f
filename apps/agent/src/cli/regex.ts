import {
  compileFilter,
  FilterTrial,
  type CompiledFilter,
  type LogLine,
  type TrialVerdict,
} from '@warder/core'
import { systemClock } from '@warder/daemon'
import { chooseFilter, type Chosen } from '../replay/filter-choice.ts'
import { journalLines, kindOf, linesOf, type LogKind, type Lines } from '../replay/lines.ts'
import { tooSlowOn, WithinTime, type Timed } from '../replay/within-time.ts'
import { localZone } from '../replay/zone.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, textOf, type Call, type Command, type Exit } from './command.ts'
import { RegexReport } from './regex-report.ts'
import { printable } from './show.ts'

/** What is printed beside the report. */
const OPTIONS = {
  datepattern: { type: 'string', short: 'd' },
  maxlines: { type: 'string', short: 'L' },
  'print-missed': { type: 'boolean' },
  'print-matched': { type: 'boolean' },
  'print-ignored': { type: 'boolean' },
  'print-all-missed': { type: 'boolean' },
  'print-all-matched': { type: 'boolean' },
  'print-all-ignored': { type: 'boolean' },
  'print-no-missed': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const

/** `warder regex LOG|LINE FILTER|REGEX [IGNOREREGEX]` */
export const regex: Command = {
  name: 'regex',
  form: 'LOG|LINE FILTER|REGEX [IGNOREREGEX]',
  summary: 'Try a filter or an expression on a log or a line; the agent need not run',
  options: OPTIONS,
  explain: {
    datepattern: 'how dates in the lines look, in place of what the filter says',
    maxlines: 'how many lines are read together, in place of what the filter says',
    'print-missed': 'print every line that nothing matched, as it comes',
    'print-matched': 'print every line that matched, as it comes',
    'print-ignored': 'print every line that an ignoreregex took away, as it comes',
    'print-all-missed': 'the same as --print-missed',
    'print-all-matched': 'the same as --print-matched',
    'print-all-ignored': 'the same as --print-ignored',
    'print-no-missed': 'leave missed lines out of the report',
    verbose: 'show the expressions that found nothing too',
    config: 'a folder with filter.d, or an agent.toml (default /etc/warder/agent.toml)',
    json: 'print one object for each line',
  },
  examples: [
    'warder regex /var/log/auth.log sshd',
    "warder regex /var/log/auth.log 'sshd[mode=aggressive]' --print-missed",
    'warder regex systemd-journal sshd',
    'warder regex /var/log/nginx/access.log /etc/fail2ban/filter.d/blog.conf --json',
    'zcat /var/log/auth.log.2.gz | warder regex - sshd --config /etc/fail2ban',
    "warder regex 'shop[7]: login failed for root from 192.0.2.7' 'login failed for \\S+ from <HOST>$'",
  ],
  words: [2, 3],
  async run(call) {
    const [log = '', wanted = '', ignoreregex] = call.words
    try {
      const kind = await kindOf(log)
      if (kind === 'missing' || kind === 'folder') {
        call.complain(`${log} is ${kind === 'folder' ? 'a folder, not a log' : 'not there'}.\n`)
        return EXIT.failed
      }
      const chosen = await chooseFilter({
        filter: wanted,
        ignoreregex,
        datepattern: textOf(call, 'datepattern'),
        maxlines: textOf(call, 'maxlines'),
        config: textOf(call, 'config'),
        isJournal: kind === 'journal',
      })
      for (const problem of chosen.problems) call.complain(`${problem}\n`)
      if (!chosen.ok) return EXIT.failed
      const compiled = compileFilter(chosen.filter)
      if (compiled.ok) return await tryOn(call, compiled.filter, { kind, log, chosen })
      for (const problem of compiled.problems) call.complain(`error: ${problem}\n`)
      return EXIT.failed
    } catch (err) {
      return explain(call, err)
    }
  },
}

interface Given {
  readonly kind: LogKind
  readonly log: string
  readonly chosen: Extract<Chosen, { ok: true }>
}

async function tryOn(call: Call, filter: CompiledFilter, { kind, log, chosen }: Given): Promise<Exit> {
  const now = systemClock.now()
  const trial = new FilterTrial(filter, localZone)
  const isLog = kind === 'log'
  const timed = new WithinTime((line: LogLine) =>
    isLog && isRemark(line.text) ? REMARK : trial.take(line, now),
  )
  const shown =
    kind === 'journal'
      ? 'the journal'
      : kind === 'line'
        ? 'the given line'
        : log === '-'
          ? 'standard input'
          : log
  const report = new RegexReport({ filter, chosen, log: shown, started: now })
  const echo = echoOf(call)
  for await (const lines of piecesOf(kind, log, { filter, now })) {
    const verdicts = timed.run(lines)
    let out = ''
    for (const [i, verdict] of verdicts.entries()) {
      const text = lines[i]?.text ?? ''
      const number = report.take(text, verdict.done ? verdict.result : null)
      if (!verdict.done) call.complain(tooSlow(number, tooSlowOn(filter, chosen.filter, text)))
      out += isOn(call, 'json') ? toJson(number, verdict) : echo(number, text, verdict)
    }
    if (out !== '') call.print(out)
    if (timed.isHopeless) {
      call.complain('error: that was the case with too many lines, so the rest is not read\n')
      break
    }
  }
  const isVerbose = isOn(call, 'verbose')
  if (!isOn(call, 'json'))
    call.print(report.text({ isVerbose, withMissed: !hasNoMissed(call), now: systemClock.now() }))
  return timed.isHopeless ? EXIT.failed : EXIT.ok
}

const tooSlow = (number: number, expressions: readonly string[]): string =>
  `error: line ${number} took too long and is left out: ${printable(expressions.join(', ') || 'the datepattern, or lines that are read together')}\n`

function piecesOf(
  kind: LogKind,
  log: string,
  { filter, now }: { filter: CompiledFilter; now: number },
): Lines {
  if (kind === 'journal') return journalLines(filter.journalmatch, now)
  return kind === 'log' ? linesOf(log, now) : givenLine(log, now)
}

async function* givenLine(text: string, now: number): Lines {
  yield text.split('\n').map((line) => ({ source: 'line', text: line, readAt: now }))
}

type Told = TrialVerdict | typeof REMARK

/** Samples of logs have remarks and empty lines between the lines that count; fail2ban-regex passes over them too. */
const REMARK = { kind: 'remark' } as const
const isRemark = (text: string): boolean => text === '' || text.startsWith('#')

/** The object that is printed for a line; a line that took too long has no result, and is neither matched nor ignored. */
function toJson(line: number, timed: Timed<Told>): string {
  const verdict = timed.done ? timed.result : null
  const ignored = verdict?.kind === 'ignored'
  if (verdict?.kind !== 'failure')
    return `{"line":${line},"matched":false,"ignored":${ignored},"failures":[]}\n`
  return `${JSON.stringify({ line, matched: true, ignored, failures: [failureOf(verdict)] })}\n`
}

function failureOf({ rule, failure }: Extract<TrialVerdict, { kind: 'failure' }>): object {
  const { host, id, user, at } = failure
  return { host, id, user, time: at / 1_000, rule }
}

const hasNoMissed = (call: Call): boolean =>
  isOn(call, 'print-no-missed') || isOn(call, 'print-missed') || isOn(call, 'print-all-missed')

/** Which lines are printed as they come. */
function echoOf(call: Call): (number: number, text: string, verdict: Timed<Told>) => string {
  const wanted = (what: string): boolean => isOn(call, `print-${what}`) || isOn(call, `print-all-${what}`)
  const words: Readonly<Record<Told['kind'], string | null>> = {
    remark: null,
    failure: wanted('matched') ? 'matched' : null,
    missed: wanted('missed') ? 'missed' : null,
    ignored: wanted('ignored') ? 'ignored' : null,
    noted: wanted('matched') ? 'noted' : null,
  }
  return (number, text, verdict) => {
    const word = verdict.done ? words[verdict.result.kind] : null
    return word === null ? '' : `${word} ${number}: ${printable(text)}\n`
  }
}
