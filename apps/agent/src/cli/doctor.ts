import {
  isBroken,
  type DoctorFinding,
  type DoctorHop,
  type DoctorJail,
  type DoctorReport,
} from '@warder/protocol'
import { asking } from './asking.ts'
import { EXIT, type Command, type Exit } from './command.ts'

/** `warder doctor` */
export const doctor: Command = {
  name: 'doctor',
  form: '[JAIL]',
  summary:
    'Prove each jail alive with a marked line that counts for nothing, and look for the known troubles',
  options: {},
  explain: {},
  examples: ['warder doctor', 'warder doctor sshd', 'warder doctor --json'],
  words: [0, 1],
  run(call) {
    const [jail] = call.words
    return asking(
      call,
      { verb: 'doctor', ...(jail === undefined ? {} : { jail }) },
      (answer) => {
        for (const each of answer.report?.jails ?? []) call.print(jailWords(each))
        for (const finding of answer.report?.findings ?? []) call.print(findingWords(finding))
        return exitOf(answer)
      },
      exitOf,
    )
  },
}

const exitOf = ({ report }: { readonly report?: DoctorReport }): Exit =>
  report === undefined || isBroken(report) ? EXIT.failed : EXIT.ok

const VERDICTS: Readonly<Record<DoctorJail['verdict'], string>> = {
  alive: 'alive',
  partly: 'alive as far as it could be tried',
  broken: 'BROKEN',
}

const SIGNS: Readonly<Record<DoctorHop['state'], string>> = { ok: 'ok', broken: 'BROKEN', skipped: 'skipped' }

function jailWords({ jail, source, verdict, hops }: DoctorJail): string {
  const rows = hops.map(({ hop, state, ms, said }) => {
    const took = ms === null ? '' : `${ms} ms`
    return `  ${hop.padEnd(9)} ${SIGNS[state].padEnd(8)} ${took.padStart(10)}  ${said}\n`
  })
  return `${jail}${source === null ? '' : ` (${source})`}: ${VERDICTS[verdict]}\n${rows.join('')}`
}

function findingWords({ id, state, severity, title, cause, remedy }: DoctorFinding): string {
  if (state !== 'found') return `${title}: ${state === 'fine' ? 'no' : 'unknown'}. ${cause}\n`
  const head = `${title}: ${severity === 'broken' ? 'YES' : 'perhaps'}. ${cause}\n`
  return `${head}  ${remedy}\n  More: docs/operate/troubleshoot.md#${id}\n`
}
