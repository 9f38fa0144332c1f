import { systemClock } from '@warder/daemon'
import { chooseFilter } from '../replay/filter-choice.ts'
import { makeTrial, type Verdict } from '../replay/filter-trial.ts'
import { isLog, linesOf } from '../replay/lines.ts'
import { localZone } from '../replay/zone.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Command } from './command.ts'
import { RegexReport } from './regex-report.ts'
import { printable } from './show.ts'

/** `warder regex LOG|LINE FILTER|REGEX [IGNOREREGEX]` */
export const regex: Command = {
  name: 'regex',
  form: 'LOG|LINE FILTER|REGEX [IGNOREREGEX]',
  summary: 'Try a filter or an expression on a log or a line; the agent need not run',
  options: {
    datepattern: { type: 'string' },
    'print-missed': { type: 'boolean' },
    'print-matched': { type: 'boolean' },
  },
  explain: {
    datepattern: 'how dates in the lines look, in place of what the filter says',
    'print-missed': 'print the lines that nothing matched',
    'print-matched': 'print the lines that matched',
    config: 'a folder with filter.d, or an agent.toml (default /etc/warder/agent.toml)',
    json: 'print one object for each line',
  },
  examples: [
    'warder regex /var/log/auth.log sshd',
    "warder regex /var/log/auth.log 'sshd[mode=aggressive]' --print-missed",
    'warder regex /var/log/nginx/access.log /etc/fail2ban/filter.d/blog.conf --json',
    "warder regex 'shop[7]: login failed for root from 192.0.2.7' 'login failed for \\S+ from <HOST>$'",
  ],
  words: [2, 3],
  async run(call) {
    const [log = '', wanted = '', ignoreregex] = call.words
    try {
      const chosen = await chooseFilter({
        filter: wanted,
        ignoreregex,
        datepattern: textOf(call, 'datepattern'),
        config: textOf(call, 'config'),
      })
      for (const problem of chosen.problems) call.complain(`${problem}\n`)
      if (!chosen.ok) return EXIT.failed
      const made = makeTrial(chosen.filter, localZone, systemClock.now())
      if (!made.ok) {
        for (const problem of made.problems) call.complain(`error: ${problem}\n`)
        return EXIT.failed
      }
      const isFile = await isLog(log)
      const report = new RegexReport(chosen.filter, isFile ? log : 'the given line')
      const take = (text: string): void => {
        const verdict = made.trial(text)
        const number = report.take(verdict)
        if (isOn(call, 'json')) printJson(call, toJson(number, verdict))
        else echo(call, text, { number, verdict })
      }
      if (!isFile) take(log)
      else for await (const lines of linesOf(log)) lines.forEach(take)
      if (!isOn(call, 'json')) call.print(report.text())
      return EXIT.ok
    } catch (err) {
      return explain(call, err)
    }
  },
}

function toJson(line: number, { match, ignored, rule }: Verdict): object {
  const user = match?.user === undefined ? {} : { user: match.user }
  const failures =
    match === null ? [] : [{ host: match.ip, id: match.ip, ...user, time: match.at / 1_000, rule }]
  return { line, matched: match !== null, ignored, failures }
}

function echo(call: Call, text: string, { number, verdict }: { number: number; verdict: Verdict }): void {
  const { match, ignored } = verdict
  if (match !== null && isOn(call, 'print-matched')) call.print(`matched ${number}: ${printable(text)}\n`)
  if (match === null && !ignored && isOn(call, 'print-missed'))
    call.print(`missed ${number}: ${printable(text)}\n`)
}
