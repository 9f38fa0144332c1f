import {
  AGGREGATE_BOUNDS,
  DEFAULT_SETTINGS,
  IPV6PREFIX_BOUNDS,
  BUILT_IN_JAILS,
  isBuiltInJail,
  isFixedZone,
  readGrowth,
  type FilterDefinition,
  type JailBackend,
  type JailDefinition,
  type BlockType,
  type JailPorts,
} from '@warder/core'
import { parseBlockType, readActions } from './action.ts'
import type { Tree } from './include.ts'
import { FILTER_OPTIONS } from './filter-settings.ts'
import { isTrue, type JailText } from './jail-text.ts'
import { readIgnored } from './ignore.ts'
import { parseJournalMatch } from './journalmatch.ts'
import { mangledIn } from './mangled.ts'
import { readLogpath } from './logpath.ts'
import { meantBy } from './misspelt.ts'
import { countsBans } from './native.ts'
import { OptionReader } from './option-reader.ts'
import { parsePorts, parseProtocol } from './ports.ts'
import { quote, type Place, type Problem } from './problem.ts'
import { parseReference } from './reference.ts'
import { readSettings } from './settings.ts'
import { readSuccess } from './success.ts'
import { unsupported } from './unsupported.ts'
import { fullLinesOf, wholeNumber } from './value.ts'

/** A jail, or nothing where it is broken; with all that there is to say about it. */
export interface JailReading {
  readonly jail: JailDefinition | null
  /** Where the settings of its filter were written, for what is found wrong with them later. */
  readonly places: ReadonlyMap<string, Place>
  readonly problems: readonly Problem[]
}

/** Most of a ticket's lines that are kept, whatever maxmatches says. */
const MATCHES_LIMIT = 20

/** Turns one jail's text into its definition. What is wrong with a disabled jail is a warning: nothing that should run is missing. */
export function readJail(tree: Tree, text: JailText): JailReading {
  const reader = new JailReader(tree, text)
  const jail = reader.read()
  const { problems, enabled } = reader
  const places = new Map(FILTER_OPTIONS.map((option) => [option, text.placeOf(option)]))
  if (enabled) return { jail, places, problems }
  const told = problems.filter((problem) => problem.severity === 'error' || problem === reader.misread)
  return { jail, places, problems: told.map((problem) => ({ ...problem, severity: 'warning' })) }
}

class JailReader extends OptionReader {
  enabled = true
  /** That `enabled` is no boolean: of interest just because the jail is off for it. */
  misread: Problem | undefined
  private readonly tree: Tree

  constructor(tree: Tree, text: JailText) {
    super(text)
    this.tree = tree
  }

  read(): JailDefinition | null {
    this.enabled = this.readEnabled()
    this.checkName()
    if (this.readsBans()) return this.finish(this.readBansJail())
    const { missing, problems } = this.text.openFilter(this.tree)
    this.problems.push(...problems.map((problem) => ({ ...problem, jail: this.text.name })))
    if (missing !== null) {
      this.report('error', { ...missing })
      return null
    }
    const common = this.readCommon()
    const filter = this.readFilter()
    const backend = this.readBackend()
    const definition: JailDefinition = {
      ...common,
      filter,
      backend,
      logpath: readLogpath(this, backend),
      ...readSuccess(this, this.tree, filter),
    }
    this.checkWhole(definition)
    return this.finish(definition)
  }

  private finish(definition: JailDefinition): JailDefinition | null {
    for (const { option, message } of unsupported((name) => this.soft(name))) this.remark(option, message)
    this.checkNames()
    return this.broken ? null : definition
  }

  private readCommon(): Omit<JailDefinition, 'filter' | 'backend' | 'logpath'> {
    return {
      name: this.text.name,
      ...this.readBlocking(),
      ...readIgnored(this),
      ...(/yes|warn/.test(this.usedns()) ? {} : { usedns: 'no' as const }),
      ...this.readIpv6prefix(),
      ...this.readAggregate(),
      maxmatches: this.readMaxmatches(),
      ...this.readGrowth(),
      settings: readSettings(this, this.enabled),
    }
  }

  /** Whether it counts the bans of other jails. */
  private readsBans(): boolean {
    const [backend, filter, logpath] = ['backend', 'filter', 'logpath'].map(
      (option) => this.soft(option) ?? '',
    )
    const hints = { backend: backend ?? '', filter: filter ?? '', logpath: logpath ?? '' }
    const how = countsBans({ name: this.text.name, ...hints })
    if (how === 'taken over')
      this.report('note', {
        ...this.text.placeOf('filter'),
        message:
          'counts the bans of the other jails itself, in place of reading them from the log of fail2ban',
      })
    return how !== null
  }

  private readBansJail(): JailDefinition {
    const filter = { name: 'recidive', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] }
    return { ...this.readCommon(), filter, backend: 'bans', logpath: [] }
  }

  private readGrowth(): Pick<JailDefinition, 'growth'> {
    const read = readGrowth((option) => this.soft(option))
    if (!read.ok) this.remark('bantime.increment', `${read.problem}; every ban lasts for bantime`)
    return read.ok && read.growth !== null ? { growth: read.growth } : {}
  }

  private readEnabled(): boolean {
    const enabled = this.hard('enabled')
    if (this.broken) return true
    if (enabled !== undefined && !/^(?:0|off|false|no|1|on|true|yes|)$/i.test(enabled))
      this.remark('enabled', `enabled = ${quote(enabled)} is neither true nor false and counts as false`)
    this.misread = this.problems[0]
    return enabled === undefined ? DEFAULT_SETTINGS.enabled : isTrue(enabled)
  }

  private checkName(): void {
    const { name, place } = this.text
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name))
      this.report('error', {
        ...place,
        message: `${quote(name)} is no name for a jail: use letters, digits, _ . - (at most 64)`,
      })
    if (isBuiltInJail(name))
      this.report('error', {
        ...place,
        message: `${name} is the jail of bans ${BUILT_IN_JAILS[name]}; choose another name`,
      })
  }

  private checkNames(): void {
    for (const option of this.text.ownOptions()) {
      const meant = meantBy(option)
      if (meant !== null) this.remark(option, `option ${option} means nothing; ${meant} was meant?`)
    }
  }

  private readFilter(): FilterDefinition {
    const prefregex = this.setting('prefregex')
    const datepattern = this.setting('datepattern')
    const logtimezone = this.readZone()
    return {
      name: this.filterName(),
      ...(prefregex === '' ? {} : { prefregex: this.withoutNames(prefregex) }),
      failregex: fullLinesOf(this.withoutNames(this.setting('failregex'))),
      ignoreregex: fullLinesOf(this.withoutNames(this.setting('ignoreregex'))),
      ...(datepattern === '' ? {} : { datepattern }),
      ...(logtimezone === '' ? {} : { logtimezone }),
      maxlines: this.readMaxlinesOf(),
      journalmatch: this.readJournalmatch(),
    }
  }

  private filterName(): string {
    const parsed = parseReference(this.soft('filter') ?? '')
    return parsed.ok ? parsed.reference.name : this.text.name
  }

  private readZone(): string {
    const written = this.soft('logtimezone') ?? ''
    if (written === '' || isFixedZone(written)) return written
    this.remark(
      'logtimezone',
      `logtimezone ${quote(written)} is no zone; dates without one are in the node's time`,
    )
    return ''
  }

  /** With `usedns = no` a `<HOST>` takes addresses only. */
  private withoutNames(expressions: string): string {
    return this.usedns() === 'no' ? expressions.replaceAll('<HOST>', '<ADDR>') : expressions
  }

  /** What names are taken for; whatever fail2ban does not know is the safe `no`. */
  private usedns(): string {
    const said = this.text.setting('usedns')
    if (said === undefined) return 'warn'
    const written = this.setting('usedns')
    if (/^(?:yes|warn|no|raw)$/i.test(written)) return written.toLowerCase()
    this.remark('usedns', `usedns = ${quote(written)} is none of yes, warn, no, raw and counts as no`)
    return 'no'
  }

  private readMaxlinesOf(): number {
    const written = this.setting('maxlines')
    const number = written === '' ? 1 : wholeNumber(written)
    if (number !== null && number >= 1) return number
    this.remark('maxlines', `maxlines is not a whole number above 0: ${quote(written)}; 1 is used`)
    return 1
  }

  private readJournalmatch(): FilterDefinition['journalmatch'] {
    const parsed = parseJournalMatch(this.setting('journalmatch'))
    if (parsed.ok) return parsed.match
    this.fail('journalmatch', parsed.reason)
    return []
  }

  private readBackend(): JailBackend {
    const written = this.hard('backend') ?? 'auto'
    const parsed = parseReference(written === '' ? 'auto' : written)
    const name = parsed.ok ? parsed.reference.name.trim().toLowerCase() : ''
    if (parsed.ok && parsed.reference.options.size > 0)
      this.remark(
        'backend',
        `the options of backend ${quote(written)} are not supported; the system's journal is read`,
      )
    if (name === 'auto' || name === 'systemd') return name
    if (/^(?:file|polling|pyinotify|gamin)$/.test(name)) return 'file'
    this.fail('backend', `there is no backend ${quote(written)}: use auto, systemd, polling or pyinotify`)
    return 'auto'
  }

  /** What the jail's firewall actions block and how; without such actions what `port` and `protocol` say. */
  private readBlocking(): Pick<JailDefinition, 'ports' | 'blocktype'> {
    const action = this.text.get('action')
    if (action !== undefined && !action.ok) this.remark('action', `action: ${action.reason}`)
    if (action?.ok === true && action.text.trim() === '')
      this.remark(
        'action',
        "has no action, so fail2ban blocks nobody; bans are made by Warder's own firewall all the same",
      )
    const reading = readActions(action?.ok ? action.text : '', (name) => this.hasAction(name))
    for (const remark of reading.remarks) this.remark('action', remark)
    if (reading.refusal !== null) this.refuse(reading.refusal)
    const blocktype = this.readBlockType() ?? reading.blocktype
    return { ports: reading.ports ?? this.readPorts(), ...(blocktype === undefined ? {} : { blocktype }) }
  }

  private readBlockType(): BlockType | null {
    const written = this.soft('blocktype') ?? ''
    const blocktype = parseBlockType(written)
    if (written !== '' && blocktype === null)
      this.remark('blocktype', `blocktype is neither drop nor reject: ${quote(written)}; packets are dropped`)
    return blocktype
  }

  private readPorts(): JailPorts {
    const protocol = parseProtocol(this.hard('protocol') ?? '')
    if (protocol === null)
      this.fail('protocol', `protocol is neither tcp nor udp: ${quote(this.soft('protocol') ?? '')}`)
    const ports = parsePorts(this.hard('port') ?? '')
    if (!ports.ok) this.fail('port', `port: ${ports.reason}`)
    return { protocol: protocol ?? 'tcp', ports: ports.ok ? ports.ports : 'all' }
  }

  private hasAction(name: string): boolean {
    return this.tree.filesOf(`action.d/${name}`).files.length > 0
  }

  /** A jail that is off is not talked about: fail2ban's own jail.conf has one that opens ports. */
  private refuse(reason: string): void {
    if (this.enabled) this.fail('action', reason)
    this.broken = true
  }

  private readIpv6prefix(): Pick<JailDefinition, 'ipv6prefix'> {
    const written = (this.hard('ipv6prefix') ?? '').replace(/^\//, '')
    if (written === '') return {}
    const number = wholeNumber(written)
    const { min, max } = IPV6PREFIX_BOUNDS
    if (number === null || number < min || number > max)
      this.fail(
        'ipv6prefix',
        `ipv6prefix = ${quote(written)} is no whole number from ${min} to ${max} (${max}: each address by itself)`,
      )
    return number === null || number === max ? {} : { ipv6prefix: number }
  }

  /** Our own option: how many banned neighbours ban all of them; nought takes back what `[DEFAULT]` says. */
  private readAggregate(): Pick<JailDefinition, 'aggregate'> {
    const written = this.hard('aggregate') ?? ''
    if (/^(?:|0|off|no|false)$/i.test(written)) return {}
    const number = wholeNumber(written)
    const { min, max } = AGGREGATE_BOUNDS
    if (number !== null && number >= min && number <= max) return { aggregate: number }
    const range = `a whole number from ${min} to ${max}`
    this.fail('aggregate', `aggregate = ${quote(written)} is neither ${range} nor off`)
    return {}
  }

  private readMaxmatches(): number {
    const written = this.hard('maxmatches') ?? '5'
    const number = wholeNumber(written)
    if (number !== null && number >= 0) return Math.min(number, MATCHES_LIMIT)
    this.remark('maxmatches', `maxmatches is not a whole number: ${quote(written)}; 5 is used`)
    return 5
  }

  /** An expression that lost something in copying costs the jail only where no other is left. */
  private checkMangled({ failregex }: FilterDefinition): void {
    const found = failregex.flatMap((expression) => {
      const why = mangledIn(expression)
      return why === null ? [] : [`failregex ${quote(expression)} can never find anything: ${why}`]
    })
    for (const message of found) {
      if (found.length === failregex.length) this.fail('failregex', message)
      else this.remark('failregex', message)
    }
  }

  private checkWhole({ filter, backend, logpath }: JailDefinition): void {
    this.checkMangled(filter)
    if (filter.failregex.length === 0)
      this.fail('failregex', 'has no failregex, so it can never find anything')
    const journal = backend !== 'file' && filter.journalmatch.length > 0
    if (backend === 'systemd' && !journal)
      this.remark('journalmatch', 'has no journalmatch and looks at every entry of the journal')
    if (!this.broken && backend !== 'systemd' && !journal && logpath.length === 0)
      this.remark(
        'logpath',
        `has ${backend === 'auto' ? 'neither a logpath nor a journalmatch' : 'no logpath'}, so it has nothing to read`,
      )
  }
}
